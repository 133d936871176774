// Swagger UI writes each number of a matrix on a line of its own; a row of numbers reads as a row.
// Only line breaks between the elements of an array go: inside a string JSON has none.
const LINE = 88;
const LONGEST = 1e6;

function inRows(text) {
  return text.replace(/\[\n[^[\]{}]*\n\s*\]/g, (array) => {
    const indent = /\n( *)\]$/.exec(array)[1];
    const elements = array.slice(1, -1).trim().split(/,\n\s*/);
    const oneLine = `[${elements.join(", ")}]`;
    if (indent.length + oneLine.length <= LINE) return oneLine;
    return `[\n${filled(elements, `${indent}  `)}\n${indent}]`;
  });
}

function filled(elements, indent) {
  const lines = [indent];
  elements.forEach((element, index) => {
    const piece = index + 1 < elements.length ? `${element}, ` : element;
    const last = lines.length - 1;
    if (lines[last] !== indent && lines[last].length + piece.trimEnd().length > LINE) {
      lines[last] = lines[last].trimEnd();
      lines.push(indent + piece);
    } else {
      lines[last] += piece;
    }
  });
  return lines.join("\n");
}

// What somebody typed stays as it was typed.
function isMachineMade(text) {
  try {
    return text.length < LONGEST && text === JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return false;
  }
}

const tidied = (text) => (typeof text === "string" && isMachineMade(text) ? inRows(text) : text);

const MatricesInRows = ({ React }) => ({
  wrapComponents: {
    HighlightCode: (Original) => (props) =>
      React.createElement(Original, { ...props, children: tidied(props.children) }),
    RequestBodyEditor: (Original) => (props) =>
      React.createElement(Original, { ...props, value: tidied(props.value) }),
  },
});

// Every address is relative, so the page works behind any root path.
window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  plugins: [MatricesInRows],
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  // The validator is somebody else's server; nothing leaves this one.
  validatorUrl: null,
  // The list of schemas waits closed under the operations.
  defaultModelsExpandDepth: 0,
});
