import type { ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useTranslation } from 'react-i18next';
import { IconButton, TextButton } from './Controls';
import styles from './Sheet.module.css';

interface SheetProps {
  title: string;
  wide?: boolean;
  testId: string;
  children: ReactNode;
  onClose(): void;
}

/** A dialog over the page: a window where there is room, the whole screen on a telephone. */
export function Sheet({ title, wide = false, testId, children, onClose }: SheetProps) {
  const { t } = useTranslation();
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={isOpen => { if (!isOpen) onClose(); }} className={styles.scrim!}>
      <Modal className={`${styles.modal} ${wide ? styles.wide : ''}`}>
        <Dialog aria-label={title} className={styles.dialog!} data-testid={testId}>
          <div className={styles.head}>
            <h2>{title}</h2>
            <IconButton icon="close" label={t('controls.close')} data-testid={`${testId}-close`} onPress={onClose} />
          </div>
          <div className={styles.body}>{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmProps {
  title: string;
  children: ReactNode;
  confirm: string;
  cancel: string;
  danger?: boolean;
  onConfirm(): void;
  onCancel(): void;
}

/** Asks before something that others feel. The safe answer has the focus. */
export function Confirm({ title, children, confirm, cancel, danger = false, onConfirm, onCancel }: ConfirmProps) {
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={isOpen => { if (!isOpen) onCancel(); }} className={`${styles.scrim} ${styles.middle}`}>
      <Modal className={styles.small!}>
        <Dialog role="alertdialog" aria-label={title} className={styles.question!} data-testid="confirm">
          <h2>{title}</h2>
          <div className={styles.answer}>{children}</div>
          <div className={styles.buttons}>
            <TextButton look="quiet" data-testid="confirm-cancel" autoFocus onPress={onCancel}>{cancel}</TextButton>
            <TextButton look={danger ? 'danger' : 'primary'} data-testid="confirm-do" onPress={onConfirm}>{confirm}</TextButton>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
