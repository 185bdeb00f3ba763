import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, empty, judge, outputsOfTrx, parseAxe, parseJunit, parseTrx, parseVitest, summary } from './test-results.mjs';

const TRX = `<?xml version="1.0"?><TestRun><Results>
  <UnitTestResult testName="A.b" outcome="Passed" duration="0:0"><Output><StdOut>median 312 ms</StdOut></Output></UnitTestResult>
  <UnitTestResult testName="A.self_closed" outcome="Passed" />
  <UnitTestResult testName="A.c(x: &quot;&lt;&quot;)" outcome="Failed"><Output><ErrorInfo><Message>Expected 1 &amp; 2</Message><StackTrace>at A.c</StackTrace></ErrorInfo></Output></UnitTestResult>
  <UnitTestResult testName="A.d" outcome="NotExecuted"><Output><ErrorInfo><Message>no vectors</Message></ErrorInfo></Output></UnitTestResult>
  <UnitTestResult testName="A.e" outcome="Aborted" />
</Results></TestRun>`;
const ENDED = { code: 0, signal: null, timedOut: false };

test('a TRX file is counted by outcome, and what is unknown counts as failed', () => {
  const result = parseTrx(TRX);
  assert.deepEqual([result.passed, result.failed, result.skipped], [2, 2, 1]);
  assert.equal(result.failures[0].name, 'A.c(x: "<")');
  assert.equal(result.failures[0].text, 'Expected 1 & 2\nat A.c');
  assert.equal(result.skips[0].text, 'no vectors');
  assert.deepEqual(outputsOfTrx(TRX), ['median 312 ms']);
});

test('a Vitest file that does not load is one failure', () => {
  const result = parseVitest(JSON.stringify({
    testResults: [
      { name: 'a.test.ts', status: 'passed', assertionResults: [{ status: 'passed', fullName: 'a' }, { status: 'skipped', fullName: 'b' }] },
      { name: 'b.test.ts', status: 'failed', message: 'cannot find module', assertionResults: [] },
      { name: 'c.test.ts', status: 'failed', assertionResults: [{ status: 'failed', fullName: 'c', failureMessages: ['no'] }] },
    ],
  }));
  assert.deepEqual([result.passed, result.failed, result.skipped], [1, 2, 1]);
  assert.equal(result.failures[0].text, 'cannot find module');
});

test('JUnit is counted by what stands inside a test case', () => {
  const result = parseJunit('<testsuites><testcase name="a"/><testcase name="b"><failure>no</failure></testcase><testcase name="c"><skipped/></testcase></testsuites>');
  assert.deepEqual([result.passed, result.failed, result.skipped], [1, 1, 1]);
});

test('a page that axe objects to is a failure with all its violations', () => {
  const result = parseAxe(JSON.stringify([{ name: 'home', violations: [] }, { name: 'room', violations: ['light: a', 'dark: b'] }]));
  assert.deepEqual([result.passed, result.failed], [1, 1]);
  assert.deepEqual(result.failures, [{ name: 'room', text: 'light: a\ndark: b' }]);
});

test('a crash, a missing report, a run without tests and a run without end are failures', () => {
  assert.equal(judge({ ...empty(), passed: 5, failures: [] }, { code: 134, signal: null, timedOut: false }, '').failed, 1);
  assert.equal(judge(null, ENDED, '').failed, 1);
  assert.equal(judge(empty(), ENDED, '').failed, 1);
  assert.equal(judge({ ...empty(), passed: 5, failures: [] }, { code: null, signal: 'SIGKILL', timedOut: true }, '').failed, 1);
});

test('a run whose tests failed is not counted twice', () => {
  assert.equal(judge(parseTrx(TRX), { code: 1, signal: null, timedOut: false }, '').failed, 2);
});

test('the last line names skipped tests only where there are some', () => {
  assert.equal(summary(add([{ ...empty(), passed: 2 }, { ...empty(), passed: 3 }])), '5 passed, 0 failed');
  assert.equal(summary(add([parseTrx(TRX), { ...empty(), passed: 3 }])), '5 passed, 2 failed, 1 skipped');
});
