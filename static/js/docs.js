/** The page /docs: Swagger UI from our own files, drawn from the API's own description. */

const main = /** @type {HTMLElement} */ (document.querySelector("#api"));

// Swagger UI comes as a plain script, which has run by the time a module does.
const {SwaggerUIBundle} = /** @type {{SwaggerUIBundle: (options: object) => void}} */ (
  /** @type {unknown} */ (globalThis)
);

SwaggerUIBundle({
  url: main.dataset.url,
  domNode: main,
  deepLinking: true,
  // The default asks a public server whether the description is valid.
  validatorUrl: null,
});
