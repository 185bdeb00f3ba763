import { useRef, useState, type ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { IconButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import type { IconName } from '../parts/Icon';

interface PopoverButtonProps {
  icon: IconName;
  label: string;
  testId: string;
  className?: string | undefined;
  children(close: () => void): ReactNode;
}

/** A button of the toolbar with a small dialog above it. Without the library's trigger, which would draw its menus into what the join page loads. */
export function PopoverButton({ icon, label, testId, className, children }: PopoverButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const anchor = useRef<HTMLSpanElement>(null);
  return (
    <span ref={anchor}>
      <IconButton icon={icon} look="filled" label={label} aria-haspopup="dialog" aria-expanded={isOpen} data-testid={testId} onPress={() => setOpen(true)} />
      <Popover className={controls.popover!} placement="top" triggerRef={anchor} isOpen={isOpen} onOpenChange={setOpen}>
        <Dialog aria-label={label} className={className ?? ''}>{children(() => setOpen(false))}</Dialog>
      </Popover>
    </span>
  );
}
