/** Links to this page, for others. */

/** The web phone, ready to call somebody. @param call an address; null for nobody yet */
export function phoneLink(call: string | null = null): string {
  const link = new URL('phone', document.baseURI);
  if (call !== null) link.searchParams.set('call', call);
  return link.href;
}
