// Reads catalogues from standard input, one JSON object {"name", "jsonld", "turtle"} a line, and writes one finding a line: whether both notations say the same,
// by the canonical form of RDF, and whether what they say keeps the shapes (SHACL).
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import jsonld from "jsonld";
import { Parser, Store, Writer } from "n3";
import Validator from "rdf-validate-shacl";

const parse = (text, format) => new Store(new Parser({ format }).parse(text));
const validator = new Validator(parse(readFileSync(new URL("dcat-shapes.ttl", import.meta.url), "utf8"), "text/turtle"));
// Everything that is needed stands in the document: nothing is fetched.
const documentLoader = async url => { throw new Error(`asks for ${url}`); };
const canonical = quads => jsonld.canonize(quads, { algorithm: "RDFC-1.0", inputFormat: "application/n-quads", format: "application/n-quads" });
const quads = store => new Writer({ format: "application/n-quads" }).quadsToString([...store]);

for await (const line of createInterface({ input: process.stdin })) {
  const { name, jsonld: json, turtle } = JSON.parse(line);
  try {
    const triples = { jsonld: await jsonld.toRDF(JSON.parse(json), { format: "application/n-quads", documentLoader, safe: true }), turtle: quads(parse(turtle, "text/turtle")) };
    if (await canonical(triples.jsonld) !== await canonical(triples.turtle)) console.log(`${name}: JSON-LD and Turtle differ`);
    for (const [notation, text] of Object.entries(triples))
      for (const r of (await validator.validate(parse(text, "application/n-quads"))).results)
        console.log(`${name}: ${notation}: ${r.focusNode?.value} ${r.path?.value} ${r.sourceConstraintComponent?.value.split("#")[1]}`);
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
}
