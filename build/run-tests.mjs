// Runs every suite, one after the other (browsers and media want the machine for themselves), and ends with the plain line
// `N passed, N failed`. It builds nothing: the Makefile has done so.
//
//   node build/run-tests.mjs [--configuration Release] [--only <suite>] [--filter <part of a test's full name>]

import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { add, judge, outputsOfTrx, parseAxe, parseJunit, parseTrx, parseVitest, summary } from './test-results.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'artifacts', 'tests');
const { values: options } = parseArgs({
  options: { configuration: { type: 'string', default: 'Release' }, only: { type: 'string' }, filter: { type: 'string' } },
});
const END_TO_END = 'Pendopo.EndToEnd';
const AXE = 'web (axe)';
const MINUTE = 60_000;

let running = null;

/** Ends a process and its children, which are a group of their own. */
function stop(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself a moment ago.
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (running) stop(running);
    process.exit(1);
  });
}

/** Runs a command, its output to a log file; a process that outlives its time is stopped with all its children. */
function run(command, args, { log, cwd = root, limit = 6 * MINUTE, env = {} }) {
  return new Promise((done) => {
    const file = createWriteStream(log);
    const child = (running = spawn(command, args, { cwd, env: { ...process.env, ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }));
    let tail = '';
    let timedOut = false;
    const write = (chunk) => {
      file.write(chunk);
      tail = (tail + chunk).slice(-6000);
    };
    child.stdout.setEncoding('utf8').on('data', write);
    child.stderr.setEncoding('utf8').on('data', write);
    const timer = setTimeout(() => {
      timedOut = true;
      stop(child);
    }, limit);
    child.on('error', (error) => {
      clearTimeout(timer);
      file.end(() => done({ exit: { code: 127, signal: null, timedOut: false }, tail: String(error) }));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      file.end(() => done({ exit: { code, signal, timedOut }, tail }));
    });
  });
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

async function dotnetSuite(name, { limit, prefix = [], env } = {}) {
  const folder = join(out, name);
  mkdirSync(folder, { recursive: true });
  const dll = join(root, 'tests', name, 'bin', options.configuration, 'net10.0', `${name}.dll`);
  const args = ['dotnet', 'test', dll, '--nologo', '--logger', `trx;LogFileName=${name}.trx`, '--logger', 'console;verbosity=normal', '--results-directory', folder];
  if (options.filter) args.push('--filter', `FullyQualifiedName~${options.filter}`);
  const [command, ...rest] = [...prefix, ...args];
  const { exit, tail } = await run(command, rest, { log: join(folder, 'output.log'), limit, env });
  const trx = read(join(folder, `${name}.trx`));
  return { result: judge(trx === null ? null : parseTrx(trx), exit, tail), outputs: trx === null ? [] : outputsOfTrx(trx) };
}

async function buildScriptsSuite() {
  const folder = join(out, 'build-scripts');
  mkdirSync(folder, { recursive: true });
  const report = join(folder, 'junit.xml');
  const { exit, tail } = await run(
    process.execPath,
    ['--test', '--test-reporter=junit', `--test-reporter-destination=${report}`, join(root, 'build', 'test-results.test.mjs')],
    { log: join(folder, 'output.log'), limit: MINUTE });
  const xml = read(report);
  return { result: judge(xml === null ? null : parseJunit(xml), exit, tail), outputs: [] };
}

async function webSuite() {
  const folder = join(out, 'web');
  mkdirSync(folder, { recursive: true });
  const report = join(folder, 'vitest.json');
  const { exit, tail } = await run(
    'npx', ['--no-install', 'vitest', 'run', '--reporter=json', `--outputFile=${report}`],
    { cwd: join(root, 'web'), log: join(folder, 'vitest.log'), limit: 5 * MINUTE });
  const json = read(report);
  return { result: judge(json === null ? null : parseVitest(json), exit, tail), outputs: [] };
}

async function webTypesSuite() {
  const folder = join(out, 'web-types');
  mkdirSync(folder, { recursive: true });
  const { exit, tail } = await run(
    'npx', ['--no-install', 'tsc', '--noEmit', '--pretty', 'false'],
    { cwd: join(root, 'web'), log: join(folder, 'tsc.log'), limit: 5 * MINUTE });
  const passed = exit.code === 0 ? 1 : 0;
  return { result: judge({ passed, failed: 0, skipped: 0, failures: [], skips: [] }, exit, tail), outputs: [] };
}

async function axeSuite() {
  const folder = join(out, 'web-axe');
  mkdirSync(folder, { recursive: true });
  const report = join(folder, 'axe.json');
  const { exit, tail } = await run(
    process.execPath, ['scripts/axe.mjs'],
    { cwd: join(root, 'web'), log: join(folder, 'axe.log'), limit: 40 * MINUTE, env: { PENDOPO_AXE_REPORT: report } });
  const json = read(report);
  return { result: judge(json === null ? null : parseAxe(json), exit, tail), outputs: [] };
}

/** A project without a source file has nothing to test yet; that is said aloud, and the first file makes it a suite. */
function hasSources(name) {
  return readdirSync(join(root, 'tests', name), { recursive: true })
    .some((path) => path.endsWith('.cs') && !/(^|\/)(bin|obj|node_modules)\//.test(path));
}

function suites() {
  const list = [['build scripts', buildScriptsSuite]];
  const projects = options.only === END_TO_END ? [] : readdirSync(join(root, 'tests')).filter((name) => name.endsWith('.Tests')).sort();
  for (const name of projects) {
    if (hasSources(name)) list.push([name, () => dotnetSuite(name)]);
    else if (!options.only) console.log(`${name}: no tests written yet`);
  }
  if (existsSync(join(root, 'web', 'package.json'))) {
    list.push(['web (Vitest)', webSuite], ['web (types)', webTypesSuite]);
    // Some 250 looks at pages with live pictures take longer than all the rest: a target of its own.
    if (options.only === AXE) list.push([AXE, axeSuite]);
  }
  list.push([END_TO_END, () => dotnetSuite(END_TO_END, {
    limit: 19 * MINUTE,
    prefix: [join(root, 'build', 'netns-run')],
    env: { PENDOPO_CONFIGURATION: options.configuration },
  })]);
  return options.only ? list.filter(([name]) => name === options.only) : list;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const results = [];
for (const [name, start] of suites()) {
  const started = performance.now();
  const { result, outputs } = await start();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${result.failed === 0 ? 'ok  ' : 'FAIL'} ${name}: ${summary(result)} (${seconds} s)`);
  for (const failure of result.failures) console.log(`\n  failed: ${failure.name}\n${failure.text.replace(/^/gm, '    ')}\n`);
  for (const skip of result.skips) console.log(`  skipped: ${skip.name}${skip.text ? ` (${skip.text.split('\n')[0]})` : ''}`);
  for (const output of name === END_TO_END ? outputs : []) console.log(output.replace(/^/gm, '  '));
  results.push(result);
}
if (results.length === 0) {
  console.error(`No suite is called ${options.only}.`);
  process.exitCode = 1;
}
const total = add(results);
if (total.failed > 0 || total.passed === 0) process.exitCode = 1;
if (total.skipped > 0) console.log(`${total.skipped} skipped`);
console.log(summary({ ...total, skipped: 0 }));
