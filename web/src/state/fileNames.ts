/** Longest name under which a file is saved, characters. */
const longest = 120;

/** Turn the reading direction, or are not seen: by them `exe.pdf` is read where `fdp.exe` stands. */
const deceptive = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

/** What systems take for a path, a device, a wildcard or a shell's own. */
const forbidden = /[\\/:*?"<>|\u2044\u2215\u29f5\u29f8\uff0f\uff3c\uff1a]/gu;

const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/iu;

/** Endings by which a system runs a file, opens something foreign, or hides one file in another. */
const executable = new Set([
  'exe', 'com', 'scr', 'pif', 'bat', 'cmd', 'msi', 'msp', 'msix', 'appx', 'appinstaller', 'cpl', 'dll', 'sys', 'ocx', 'gadget', 'vb', 'vbs', 'vbe', 'js', 'jse',
  'mjs', 'ws', 'wsf', 'wsh', 'wsc', 'hta', 'ps1', 'psm1', 'ps1xml', 'psc1', 'msc', 'reg', 'inf', 'lnk', 'url', 'website', 'scf', 'library-ms', 'search-ms', 'settingcontent-ms',
  'jar', 'jnlp', 'app', 'command', 'action', 'workflow', 'dmg', 'pkg', 'sh', 'bash', 'zsh', 'run', 'bin', 'appimage', 'desktop', 'deb', 'rpm', 'apk', 'py', 'pyw', 'pl', 'rb',
  'htm', 'html', 'xhtml', 'shtml', 'mht', 'mhtml', 'svg', 'svgz', 'xml', 'xsl', 'chm', 'hlp', 'iso', 'img', 'vhd', 'vhdx', 'docm', 'dotm', 'xlsm', 'xltm', 'xlam', 'xll', 'pptm',
  'potm', 'ppsm', 'one', 'application', 'diagcab', 'theme', 'themepack',
]);

/** A name that is nothing but a name on any system: no path, no device, no character that shows another name than is there. Never empty. */
export function safeFileName(name: string): string {
  const plain = name.normalize('NFC').replace(deceptive, '').replace(forbidden, '_').replace(/\p{Zs}+/gu, ' ')
    // Dots and spaces at the ends are dropped by some systems, and hide files on others.
    .replace(/^[. ]+|[. ]+$/gu, '');
  const dot = plain.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [plain.slice(0, dot), plain.slice(dot)] : [plain, ''];
  const first = stem.split('.')[0]!.trim();
  const kept = shortened(stem, longest - [...ending].length);
  if (kept === '' || [...ending].length > 20) return shortened(plain, longest) === '' ? 'file' : shortened(plain.replaceAll('.', '_'), longest);
  return (reserved.test(first) ? `_${kept}` : kept) + ending;
}

/** Whether a system may run what is saved under this name, or take it for more than a document. */
export function isRisky(name: string): boolean {
  return executable.has(safeFileName(name).split('.').at(-1)!.toLowerCase()) && safeFileName(name).includes('.');
}

/** Whether a name has an ending before its ending, as if it were another kind of file. */
export function hasDoubleEnding(name: string): boolean {
  return /\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|odp|txt|rtf|csv|jpe?g|png|gif|mp[34]|zip)[ ._]*\.[a-z0-9-]{1,15}$/iu.test(safeFileName(name));
}

function shortened(text: string, maximum: number): string {
  return [...text].slice(0, Math.max(0, maximum)).join('').trim();
}
