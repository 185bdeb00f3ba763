import { useEffect, useState, type DragEvent, type HTMLAttributes } from 'react';

/** Files dropped on an element. @param onFile null where none is taken */
export function useFileDrop(onFile: ((file: File) => void) | null): { readonly isOver: boolean; readonly props: HTMLAttributes<HTMLElement> } {
  const [isOver, setOver] = useState(false);
  const takes = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  return {
    isOver: isOver && onFile !== null,
    props: {
      onDragOver: event => {
        if (!takes(event)) return;
        // Otherwise the browser would leave the meeting to open the file.
        event.preventDefault();
        event.dataTransfer.dropEffect = onFile === null ? 'none' : 'copy';
        setOver(true);
      },
      onDragLeave: event => { if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false); },
      onDrop: event => {
        if (!takes(event)) return;
        event.preventDefault();
        setOver(false);
        if (onFile !== null) [...event.dataTransfer.files].forEach(onFile);
      },
    },
  };
}

/** Keeps a file that is dropped beside its place from taking the person out of the meeting, which browsers do to show it. */
export function useDropGuard(): void {
  useEffect(() => {
    const guard = (event: globalThis.DragEvent) => {
      if (event.defaultPrevented || event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    };
    window.addEventListener('dragover', guard);
    window.addEventListener('drop', guard);
    return () => {
      window.removeEventListener('dragover', guard);
      window.removeEventListener('drop', guard);
    };
  }, []);
}
