// What a page says to machines (JSON-LD), read by the processor of the standard's own authors and laid beside schema.org's published vocabulary (as schema-dts carries it).
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import jsonld from "jsonld";

const Vocabulary = "http://schema.org/";
const definitions = readFileSync(createRequire(import.meta.url).resolve("schema-dts").replace(/schema\.js$/, "schema.d.ts"), "utf8");

// interface ProductBase extends ThingBase { "sku"?: SchemaValue<Text | IdReference, "sku">; }
const shapes = new Map();
for (const [, name, parents, body] of definitions.matchAll(/^(?:export )?interface (\w+)(?: extends ([^{]+))? \{\n(.*?)^\}/gms))
  shapes.set(name, { parents: (parents ?? "").split(",").map(p => p.trim()).filter(Boolean), properties: new Map([...body.matchAll(/^    "([\w-]+)"\?: SchemaValue<([^,]+),/gm)].map(m => [m[1], m[2].split("|").map(t => t.trim())])), type: /^    "@type": "(\w+)"/m.exec(body)?.[1] });
const leaves = new Map([...shapes].filter(([, s]) => s.type).map(([name, s]) => [s.type, name]));
// export type Organization = OrganizationLeaf | Airline | … | string;
const unions = new Map([...definitions.matchAll(/^(?:export )?type (\w+) = (.*);$/gm)].map(m => [m[1], m[2].split("|").map(t => t.trim())]));

function property(shape, name) {
  const { parents, properties } = shapes.get(shape) ?? { parents: [], properties: new Map() };
  return properties.get(name) ?? parents.map(p => property(p, name)).find(Boolean);
}

function kinds(names, found = new Set()) {
  for (const name of names.filter(n => !found.has(n))) {
    found.add(name);
    kinds(unions.get(name) ?? [], found);
  }
  return found;
}

const context = { "@context": { "@vocab": Vocabulary, id: "@id", type: "@type" } };
const documentLoader = async url => {
  if (url !== "https://schema.org") throw new Error(`a context that is not schema.org: ${url}`);
  return { contextUrl: null, documentUrl: url, document: context };
};

/** Findings, one text each. */
export async function read(html) {
  const findings = [];
  for (const [, text] of html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)) {
    let graph;
    try {
      graph = await jsonld.expand(JSON.parse(text), { documentLoader, safe: true });
    } catch (error) {
      findings.push(`JSON-LD cannot be expanded: ${error.message}`);
      continue;
    }
    if (graph.length === 0) findings.push("JSON-LD says nothing");
    graph.forEach(node => look(node, "", findings));
  }
  return findings;
}

function look(node, path, findings) {
  const type = (node["@type"] ?? [])[0]?.replace(Vocabulary, "");
  if (!leaves.has(type)) {
    findings.push(`JSON-LD ${path}: ${type ?? "nothing"} is no class of schema.org`);
    return;
  }
  for (const [key, values] of Object.entries(node).filter(([key]) => !key.startsWith("@"))) {
    const name = key.replace(Vocabulary, "");
    const range = property(leaves.get(type), name);
    // What a search asks for is said by a convention of schema.org's actions, not by a property.
    if (!range && !(name === "query-input" && type === "SearchAction")) findings.push(`JSON-LD ${path}/${type}: ${name} is no property of it`);
    if (!range) continue;
    for (const value of values) {
      if (value["@type"] && typeof value["@value"] === "undefined") {
        const inner = value["@type"][0].replace(Vocabulary, "");
        if (!kinds(range).has(inner)) findings.push(`JSON-LD ${path}/${type}/${name}: no ${inner} is expected there`);
        look(value, `${path}/${type}/${name}`, findings);
      } else if (/^https?:\/\/schema\.org\//.test(value["@value"]) && !definitions.includes(`"${value["@value"]}"`)) findings.push(`JSON-LD ${path}/${type}/${name}: ${value["@value"]} is no word of schema.org`);
    }
  }
}
