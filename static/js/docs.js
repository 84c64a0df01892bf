/** The page /docs: Swagger UI from our own files, drawn from the API's own description. */

const main = /** @type {HTMLElement} */ (document.querySelector("#api"));

// Swagger UI comes as a plain script, which has run by the time a module does.
const {SwaggerUIBundle} = /** @type {{SwaggerUIBundle: (options: object) => void}} */ (
  /** @type {unknown} */ (globalThis)
);

/**
 * Swagger UI makes up a sample of every answer from its schema. No such answer exists: the schema alone is shown, and
 * "Execute" shows a real one. What a visitor edits before it is sent is left alone.
 * @param {(props: object) => unknown} Original
 * @param {{React: {createElement: (component: unknown, props: object) => unknown}}} system
 */
const withoutSamples = (Original, {React}) => {
  return (/** @type {{isExecute?: boolean}} */ props) =>
    React.createElement(Original, props.isExecute ? props : {...props, example: null});
};

SwaggerUIBundle({
  url: main.dataset.url,
  domNode: main,
  deepLinking: true,
  defaultModelRendering: "model",
  plugins: [{wrapComponents: {modelExample: withoutSamples}}],
  // The default asks a public server whether the description is valid.
  validatorUrl: null,
});
