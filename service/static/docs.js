// Every address is relative, so the page works behind any root path.
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  // The validator is somebody else's server; nothing leaves this one.
  validatorUrl: null,
  // The list of schemas waits closed under the operations.
  defaultModelsExpandDepth: 0,
});
