// Reads pages from standard input, one JSON object {"path", "html"} a line, and writes one finding a line.
import { createInterface } from "node:readline";
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import { read } from "./vocabulary.mjs";

const loader = new StaticConfigLoader({
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // The standard leaves these to the writer's taste; what we write is shorter or is what Razor writes.
    "doctype-style": "off",
    "void-style": "off",
    "attribute-boolean-style": "off",
    "no-trailing-whitespace": "off",
    // Names repeat on purpose: boxes that make a list, a box with its hidden "no", buttons of one decision.
    "form-dup-name": "off",
    // Safari takes a list without markers for no list unless its role is said.
    "no-redundant-role": "off",
    // Goods have long names; whoever lists a page cuts its title by itself.
    "long-title": ["error", { maxlength: 120 }],
    // Lists and groups may have names (ARIA 1.2).
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
    // The standard's defaults, "submit" in a form and "text", are what we mean.
    "no-implicit-button-type": "off",
    "no-implicit-input-type": "off",
  },
});

// Resolved once: there is one set of rules, and making it takes as long as reading a page.
const rules = await loader.getConfigFor("");
loader.getConfigFor = () => rules;
const checker = new HtmlValidate(loader);

// A contract with programs that fill our check-out names this token; browsers fill it on one line as well.
const agreed = m => m.ruleId === "valid-autocomplete" && m.message.includes("street-address");

for await (const line of createInterface({ input: process.stdin })) {
  const { path, html } = JSON.parse(line);
  const report = await checker.validateString(html, path);
  for (const { messages } of report.results)
    for (const m of messages.filter(m => !agreed(m))) console.log(`${path}: line ${m.line}: ${m.message} (${m.ruleId}) ${m.selector ?? ""}`);
  for (const finding of await read(html)) console.log(`${path}: ${finding}`);
}
