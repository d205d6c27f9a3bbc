import { gzipSync } from 'node:zlib';
import { about, expect } from '../../fixtures/index.ts';
import { documentWith, test } from './pages.ts';

const purpose =
  'The journeys trust the recorder when it says that the browser met no stranger and no secret: here it meets both.';
const secret = ['re', 'fedcba9876543210'].join('_'); // made up; in one piece it would look like a real one
const packed = Buffer.from(secret).toString('base64');

test.describe(
  'network recorder',
  { tag: ['@harness', '@puppeteer'], annotation: about({ feature: 'Harness', purpose }) },
  () => {
    test('whoever asks for another host is named: an image, a script, a socket, a window', async ({
      serve,
      recordedTab: { page, recorder },
    }) => {
      const url = await serve({
        '/': documentWith(`
          <img src="https://img.test/pixel.png" alt="">
          <script>
            fetch('https://api.test/collect', { method: 'POST', mode: 'no-cors', body: 'x' }).catch(() => {});
            new WebSocket('wss://socket.test/');
            window.open('https://window.test/');
          </script>`),
      });
      await page.goto(url);

      expect((await recorder.stop()).faults([]).toSorted()).toEqual([
        'a window was opened: https://window.test/',
        'another host was asked: CONNECT wss://socket.test/',
        'another host was asked: GET https://img.test/pixel.png',
        'another host was asked: POST https://api.test/collect',
      ]);
    });

    test('a secret is named wherever it travels, packed or not, and never repeated', async ({
      serve,
      recordedTab: { page, recorder },
    }) => {
      const url = await serve({
        '/': {
          headers: { 'set-cookie': `session=${secret}; HttpOnly`, 'content-type': 'text/html' },
          body: documentWith(`
            <script type="module">
              await (await fetch('/json')).text();
              await fetch('/form', { method: 'POST', body: 'key=${packed}' });
              await fetch('/asked?key=${secret}');
              document.title = 'over';
            </script>`),
        },
        '/json': {
          headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
          body: gzipSync(JSON.stringify({ deep: [{ authorization: `Basic ${packed}` }] })),
        },
      });
      await page.goto(url);
      await page.waitForFunction(() => document.title === 'over', { polling: 'mutation' });
      const faults = (await recorder.stop()).faults([secret]).map((fault) => fault.replace(url, ''));

      expect(faults).toEqual(
        expect.arrayContaining([
          'a secret travels in Network.responseReceivedExtraInfo headers.set-cookie of GET /',
          'a secret travels in Network.requestWillBeSentExtraInfo headers.Cookie of GET /json',
          'a secret travels in Network.requestWillBeSent request.postData of POST /form',
          'a secret travels in Network.requestWillBeSent request.url of GET /asked?key=***',
          'a secret travels in the answer to GET /',
          'a secret travels in the answer to GET /json',
        ]),
      );
      expect(faults.filter((fault) => fault.includes(secret) || fault.includes(packed))).toEqual([]);
    });

    test('what escapes the record is named: a worker, a frame of another site, a body that is no text', async ({
      serve,
      recordedTab: { page, recorder },
    }) => {
      const url = await serve({
        '/': documentWith(`
          <script>
            fetch('/file', { method: 'POST', body: new Blob(['x']) });
            new Worker('/worker.js').onmessage = () => (document.title = 'over');
            const frame = document.createElement('iframe');
            frame.src = location.href.replace('127.0.0.1', 'localhost') + 'frame';
            document.currentScript.after(frame);
          </script>`),
        '/worker.js': { headers: { 'content-type': 'text/javascript' }, body: 'postMessage(1)' },
        '/frame': documentWith(''),
      });
      await page.goto(url);
      await page.waitForFunction(() => document.title === 'over', { polling: 'mutation' });
      const faults = (await recorder.stop()).faults([]).map((fault) => fault.replace(url, ''));

      expect(faults.toSorted()).toEqual([
        'no text is the body of POST /file',
        'not recorded is the network of the iframe',
        'not recorded is the network of the worker /worker.js',
      ]);
    });

    test('a page that moves on leaves its requests in order, each with status, time and body, and no fault', async ({
      serve,
      recordedTab: { page, recorder },
    }) => {
      const url = await serve({
        '/': { status: 302, headers: { location: '/first' }, body: '' },
        '/first': documentWith(`
          <script type="module">
            await (await fetch('/told', { method: 'POST', body: 'all' })).text();
            location.assign('/second');
          </script>`),
        '/second': documentWith('<p>The end</p>'),
      });
      await page.goto(url);
      await page.waitForSelector('p');
      const recording = await recorder.stop();
      const { log } = await recording.har();

      expect(
        recording.calls.map(({ method, url: to, status }) => [method, to.replace(url, ''), status]),
      ).toEqual([
        ['GET', '/', 302],
        ['GET', '/first', 200],
        ['POST', '/told', 404],
        ['GET', '/second', 200],
      ]);
      expect(recording.calls.filter(({ tookMs = 0 }) => tookMs <= 0)).toEqual([]);
      expect(log.entries.map(({ response }) => response.content.text)).toEqual([
        undefined,
        expect.stringContaining('/told'),
        'nothing here',
        expect.stringContaining('The end'),
      ]);
      expect(recording.faults([secret])).toEqual([]);
    });
  },
);
