/** The page that the window shows while no host answers: what happened, in words, and where there is something to do, one link. */
import { RESTART_URL } from './guards.ts';
import type { HostState } from './host-supervisor.ts';

/** A data: URL without scripts; null where the host's own page is to be shown. */
export function describeHostState(state: HostState): string | null {
  switch (state.is) {
    case 'running':
      return null;
    case 'stopped':
      return toPage('The testbed is closing.', '');
    case 'starting':
      return toPage('The testbed is starting.', '');
    case 'waiting':
      return toPage(
        'The testbed will be back in a moment.',
        `<p>${escapeHtml(state.why)} It is being started again.</p>`,
      );
    case 'failed':
      return toPage(
        'The testbed could not be kept running.',
        `<p>${escapeHtml(state.why)} Its last words:</p><pre>${escapeHtml(state.lastWords.join('\n') || 'none')}</pre>` +
          `<p><a href="${RESTART_URL}">Start it again</a></p>`,
      );
  }
}

function toPage(title: string, body: string): string {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Web Engagement Testbed</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 44rem; margin: 20vh auto 0; padding: 0 2rem; }
h1 { font-size: 1.25rem; font-weight: 600; }
pre { overflow: auto; padding: 12px; border: 1px solid; border-radius: 4px; }
</style></head><body><main><h1>${title}</h1>${body}</main></body></html>`;
  return `data:text/html;charset=utf-8,${encodeURIComponent(html)}`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
