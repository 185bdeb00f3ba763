// Reads what the test tools report and adds it up. Pure: text in, counts out.

/** @typedef {{ passed: number, failed: number, skipped: number, failures: { name: string, text: string }[], skips: { name: string, text: string }[] }} Result */

const ENTITIES = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Undoes XML's escapes. */
export function unescapeXml(text) {
  return text.replace(/&(#x[0-9a-fA-F]+|#\d+|lt|gt|amp|quot|apos);/g, (_, name) => {
    if (name.startsWith('#x')) return String.fromCodePoint(parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(parseInt(name.slice(1), 10));
    return ENTITIES[name];
  });
}

function element(xml, name) {
  const match = new RegExp(`<${name}[^>]*>([\\s\\S]*?)</${name}>`).exec(xml);
  return match ? unescapeXml(match[1].replace(/^<!\[CDATA\[([\s\S]*)\]\]>$/, '$1')).trim() : '';
}

function attribute(tag, name) {
  const match = new RegExp(`\\s${name}="([^"]*)"`).exec(tag);
  return match ? unescapeXml(match[1]) : '';
}

/** @returns {Result} */
export function empty() {
  return { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
}

/** The .NET test platform's TRX file. @returns {Result} */
export function parseTrx(xml) {
  const result = empty();
  const pattern = /<UnitTestResult\b([^>]*?)(?:\/>|>([\s\S]*?)<\/UnitTestResult>)/g;
  for (const [, tag, body = ''] of xml.matchAll(pattern)) {
    const name = attribute(tag, 'testName');
    const outcome = attribute(tag, 'outcome');
    if (outcome === 'Passed') {
      result.passed++;
    } else if (outcome === 'NotExecuted') {
      result.skipped++;
      result.skips.push({ name, text: element(body, 'Message') || element(body, 'StdOut') });
    } else {
      result.failed++;
      const text = [element(body, 'Message'), element(body, 'StackTrace'), element(body, 'StdOut')].filter((part) => part).join('\n');
      result.failures.push({ name, text: text || `outcome: ${outcome}` });
    }
  }
  return result;
}

/** What the tests of a TRX file wrote: measurements that a person wants to see though nothing failed. */
export function outputsOfTrx(xml) {
  const outputs = [];
  for (const [, , body = ''] of xml.matchAll(/<UnitTestResult\b([^>]*outcome="Passed"[^>]*?)(?:\/>|>([\s\S]*?)<\/UnitTestResult>)/g)) {
    const text = element(body, 'StdOut');
    if (text) outputs.push(text);
  }
  return outputs;
}

/** Vitest's JSON report. @returns {Result} */
export function parseVitest(json) {
  const result = empty();
  const report = JSON.parse(json);
  for (const file of report.testResults ?? []) {
    // A file that does not load has no tests, only a message.
    if (file.status === 'failed' && (file.assertionResults ?? []).length === 0) {
      result.failed++;
      result.failures.push({ name: file.name, text: file.message ?? '' });
    }
    for (const test of file.assertionResults ?? []) {
      if (test.status === 'passed') {
        result.passed++;
      } else if (test.status === 'failed') {
        result.failed++;
        result.failures.push({ name: test.fullName, text: (test.failureMessages ?? []).join('\n') });
      } else {
        result.skipped++;
        result.skips.push({ name: test.fullName, text: test.status });
      }
    }
  }
  return result;
}

/** JUnit's XML as `node --test` writes it. @returns {Result} */
export function parseJunit(xml) {
  const result = empty();
  for (const [, tag, body = ''] of xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    const name = attribute(tag, 'name');
    if (/<failure\b/.test(body)) {
      result.failed++;
      result.failures.push({ name, text: element(body, 'failure') });
    } else if (/<skipped\b/.test(body)) {
      result.skipped++;
      result.skips.push({ name, text: '' });
    } else {
      result.passed++;
    }
  }
  return result;
}

/** What `npm run axe` reports: a scene with violations is a test that failed. @returns {Result} */
export function parseAxe(json) {
  const result = empty();
  for (const { name, violations } of JSON.parse(json)) {
    if (violations.length === 0) {
      result.passed++;
    } else {
      result.failed++;
      result.failures.push({ name, text: violations.join('\n') });
    }
  }
  return result;
}

/**
 * What a suite counts for, given its report and how its process ended: a crash, a missing report and a run without tests are
 * failures, whatever the report says.
 * @param {Result | null} report
 * @param {{ code: number | null, signal: string | null, timedOut: boolean }} exit
 * @param {string} log the end of what the process wrote
 * @returns {Result}
 */
export function judge(report, exit, log) {
  const result = report ?? empty();
  const fail = (text) => {
    result.failed++;
    result.failures.push({ name: '(the suite itself)', text: `${text}\n${log}`.trim() });
  };
  if (exit.timedOut) fail('did not end in time and was stopped');
  else if (exit.code !== 0 && result.failed === 0) fail(`ended with ${exit.signal ?? exit.code} though no test failed`);
  else if (report === null) fail('wrote no report');
  else if (result.passed + result.failed + result.skipped === 0) fail('ran no tests');
  return result;
}

/** @param {Result[]} results @returns {Result} */
export function add(results) {
  const total = empty();
  for (const result of results) {
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped += result.skipped;
    total.failures.push(...result.failures);
    total.skips.push(...result.skips);
  }
  return total;
}

/** The plain last line. @param {Result} result */
export function summary(result) {
  const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : '';
  return `${result.passed} passed, ${result.failed} failed${skipped}`;
}
