/** The part of pdfmake that is used; the package brings no types. */
declare module 'pdfmake/build/pdfmake' {
  const pdfMake: {
    addVirtualFileSystem(files: Readonly<Record<string, string>>): void;
    setUrlAccessPolicy(mayFetch: (url: string) => boolean): void;
    createPdf(document: Record<string, unknown>): { getBuffer(): Promise<Uint8Array> };
  };
  export default pdfMake;
}

declare module 'pdfmake/build/vfs_fonts' {
  const files: Readonly<Record<string, string>>;
  export default files;
}
