// Marks answers with the runtime of Numbas: node numbas_marker.mjs FOLDER < jobs > credits
//
// FOLDER is a copy of the repository of Numbas (Apache License 2.0), whose tests/ has the compiled
// runtime. A job is {"exam": text of a .exam file, "answers": one text for each part}; the output
// has the credit of each part, job by job.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const write = process.stdout.write.bind(process.stdout);
for (const name of ['log', 'info', 'warn', 'error']) console[name] = () => {};
const load = createRequire(import.meta.url);
const runtime = resolve(process.argv[2], 'tests');
for (const name of ['numbas-runtime', 'locales', 'marking_scripts']) load(`${runtime}/${name}.js`);
const { Numbas } = globalThis;
Numbas.debug = () => {};

function fail(error) {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}

async function credits({ exam, answers }) {
  const { question_groups: [{ questions: [data] }] } = JSON.parse(exam.slice(exam.indexOf('\n')));
  const scope = new Numbas.jme.Scope(Numbas.jme.builtinScope);
  const question = Numbas.createQuestionFromJSON(data, 0, null, null, scope);
  question.generateVariables();
  await question.signals.on('ready');
  const found = [];
  for (const [number, part] of question.parts.entries()) {
    part.storeAnswer(answers[number]);
    part.setStudentAnswer();
    part.submit();
    if (part.waiting_for_pre_submit) {
      await part.waiting_for_pre_submit;
      part.submit();
    }
    found.push(part.credit);
  }
  return found;
}

const needs = ['json', 'jme', 'localisation', 'parts/numberentry', 'question'];
Numbas.queueScript('marker', needs, async () => {
  try {
    Numbas.locale.set_preferred_locale('en-GB');
    Numbas.locale.init();
    Numbas.custom_part_types = {};
    const all = [];
    for (const job of JSON.parse(readFileSync(0, 'utf8'))) all.push(await credits(job));
    write(JSON.stringify(all), () => process.exit(0));
  } catch (error) {
    fail(error);
  }
});
Numbas.queueScript('base', [], () => {});
try {
  Numbas.tryInit();
} catch (error) {
  fail(error);
}
