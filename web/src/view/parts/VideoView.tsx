import { useEffect, useRef } from 'react';

interface VideoViewProps {
  stream: MediaStream;
  label?: string;
  className?: string | undefined;
  onFrame?: (() => void) | undefined;
}

/** A picture without sound (sound plays apart), so that no browser holds it back. */
export function VideoView({ stream, label, className, onFrame }: VideoViewProps) {
  const element = useRef<HTMLVideoElement>(null);
  const told = useRef(onFrame);
  told.current = onFrame;
  useEffect(() => {
    const video = element.current;
    if (video === null) return;
    video.srcObject = stream;
    video.play().catch(() => undefined); // the element went away before it began
    const handle = typeof video.requestVideoFrameCallback === 'function' ? video.requestVideoFrameCallback(() => told.current?.()) : null;
    return () => {
      if (handle !== null) video.cancelVideoFrameCallback(handle);
      video.srcObject = null;
    };
  }, [stream]);
  return <video ref={element} className={className} muted autoPlay playsInline disablePictureInPicture aria-label={label} />;
}
