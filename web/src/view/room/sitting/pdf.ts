import pdfMake from 'pdfmake/build/pdfmake';
import fonts from 'pdfmake/build/vfs_fonts';

pdfMake.addVirtualFileSystem(fonts);
// A document is text and tables only: nothing is ever fetched for it.
pdfMake.setUrlAccessPolicy(() => false);

/** Sets a document (in pdfmake's words) with the fonts that come with it. A chunk of its own, loaded only for this. */
export async function renderPdf(document: Record<string, unknown>): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await pdfMake.createPdf(document).getBuffer());
}
