// Drives Firefox over WebDriver BiDi for the tests: one JSON request per line on stdin, one JSON answer per line on stdout.
//
//   {"id":1,"command":"open","page":"a","script":"…"}  →  {"id":1,"result":null}  or  {"id":1,"error":"…"}

import { createInterface } from 'node:readline';
import puppeteer from 'puppeteer-core';

const preferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  // Candidates as addresses: the names of mDNS are of no use to a server, and asking for them would be traffic.
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  // Nothing that a browser does on its own: telemetry, updates, experiments, lists, probes of the network.
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.region.network.url': '',
  'browser.region.update.enabled': false,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.search.update': false,
  'browser.topsites.contile.enabled': false,
  'captivedetect.canonicalURL': '',
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.push.connection.enabled': false,
  'dom.push.serverURL': '',
  'extensions.getAddons.cache.enabled': false,
  'extensions.update.enabled': false,
  'media.gmp-manager.url': '',
  'media.gmp-provider.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  // What Firefox still looks up on its own ends here; what the page asks for stands in the request log all the same.
  'network.dns.forceResolve': '127.0.0.1',
  'network.dns.disablePrefetch': true,
  'network.prefetch-next': false,
  'network.trr.mode': 5,
  'nimbus.rollouts.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.enabled': false,
  'toolkit.telemetry.server': '',
};

let browser;
const pages = new Map();

function selector(testId) {
  return `[data-testid=${JSON.stringify(testId)}]`;
}

function page(request) {
  const entry = pages.get(request.page);
  if (!entry) throw new Error(`no page is called ${request.page}`);
  return entry.page;
}

const commands = {
  async launch(request) {
    browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: request.executable,
      headless: true,
      extraPrefsFirefox: preferences,
    });
    return browser.version();
  },

  async open(request) {
    const context = await browser.createBrowserContext();
    const created = await context.newPage();
    const hosts = new Set();
    created.on('request', (sent) => {
      const { protocol, host } = new URL(sent.url());
      if (/^(https?|wss?):$/.test(protocol)) hosts.add(host);
    });
    created.on('console', (message) => console.error(`${request.page} ${message.type()}: ${message.text()}`));
    // A function is what puppeteer sends as it is; of a text it would only take the value.
    if (request.script) await created.evaluateOnNewDocument(new Function(request.script));
    pages.set(request.page, { page: created, context, hosts });
    return null;
  },

  async goto(request) {
    await page(request).goto(request.url, { waitUntil: 'load', timeout: 20_000 });
    return null;
  },

  // The function comes as text and runs in the page; its result, or what its promise gives, must be JSON.
  async evaluate(request) {
    const list = JSON.stringify(request.arguments ?? []);
    return (await page(request).evaluate(`(${request.function})(...${list})`)) ?? null;
  },

  async click(request) {
    await page(request).locator(selector(request.testId)).setTimeout(request.timeout).click();
    return null;
  },

  async fill(request) {
    await page(request).locator(selector(request.testId)).setTimeout(request.timeout).fill(request.text);
    return null;
  },

  async resize(request) {
    await page(request).setViewport({ width: request.width, height: request.height });
    return null;
  },

  async screenshot(request) {
    await page(request).screenshot({ path: request.path });
    return null;
  },

  async hosts(request) {
    return [...pages.get(request.page).hosts];
  },

  async close(request) {
    const entry = pages.get(request.page);
    pages.delete(request.page);
    await entry?.context.close();
    return null;
  },

  async quit() {
    await browser?.close();
    return null;
  },
};

function answer(id, body) {
  process.stdout.write(`${JSON.stringify({ id, ...body })}\n`);
}

// Requests for different pages run at the same time: one page's wait must not hold another's.
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  commands[request.command](request).then(
    (result) => {
      answer(request.id, { result });
      if (request.command === 'quit') process.exit(0);
    },
    (error) => answer(request.id, { error: String(error?.stack ?? error) }));
}
// The test's process is gone: leave no browser behind.
await browser?.close();
process.exit(0);
