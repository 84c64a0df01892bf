# Descent Lab in one container: no internet, no root, a read-only file system (give it a tmpfs at /tmp).
#   docker build -t descent-lab .
#   docker run --rm -p 8000:8000 --read-only --tmpfs /tmp descent-lab
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
WORKDIR /build
COPY requirements/run.txt requirements/build.txt requirements/
RUN python -m venv --without-pip /opt/venv \
    && python -m venv /opt/tools \
    && /opt/tools/bin/pip --python /opt/venv/bin/python install --no-cache-dir --require-hashes -r requirements/run.txt \
    && /opt/tools/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt \
    && find /opt/venv -type d -name tests -prune -exec rm -r {} +
WORKDIR /srv/descent-lab
COPY app app
COPY static static
COPY templates templates
RUN find app -name messages.po -execdir /opt/tools/bin/pybabel --quiet compile --use-fuzzy -i {} -o messages.mo ';' \
    && python -m compileall -q app

FROM ${PYTHON_IMAGE}
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/descent-lab /srv/descent-lab
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000 COMPILATION_CACHE=/tmp/descent-lab
WORKDIR /srv/descent-lab
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=2)"]
CMD ["python", "-m", "app"]
