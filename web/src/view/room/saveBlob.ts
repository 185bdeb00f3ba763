/** How long a saved file's address lives: browsers begin to read it at once, and need it no longer then, ms. */
const addressLife = 60_000;

/** Gives a file to the person as the browser's own download; nothing of it is shown or run here. */
export function saveBlob(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.rel = 'noopener';
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), addressLife);
}
