/**
 * The few pages that the control server writes itself: the entrance that hands out the cookie, and refusals in words. No script,
 * no style: they are seen for a moment or by somebody who must read one sentence.
 */

/**
 * Sent with the cookie. A page that moves on by itself, not a redirect: after a redirect that began in a foreign page the browser
 * would hold the strict cookie back.
 */
export const ENTRANCE_PAGE = page(
  'Web Engagement Testbed',
  '<p>Opening the testbed. <a href="/">Go on</a> if nothing happens.</p>',
  '<meta http-equiv="refresh" content="0;url=/">',
);

export const USED_LINK_PAGE = page(
  'This link has been used',
  '<p>A link opens the testbed once. Copy a new one in the window that is open (Ctrl K, "Copy a link for another browser"), or start <code>engage serve</code> again.</p>',
);

export const NO_SESSION_PAGE = page(
  'This window is not signed in',
  '<p>Open the link that <code>engage serve</code> printed: <code>listening http://127.0.0.1:...</code>. If the testbed was started anew, its link is new too.</p>',
);

function page(title: string, body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>${title}</title>${head}</head><body><main><h1>${title}</h1>${body}</main></body></html>\n`;
}
