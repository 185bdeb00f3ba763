import type { ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useTranslation } from 'react-i18next';
import { setLanguage } from '../../i18n';
import '../../i18n/settings';
import type { Preferences } from '../../state/preferences';
import { useStore } from '../../state/store';
import { prefer, preferences } from '../preferences';
import { Choice } from './Choice';
import { IconButton } from './Controls';
import { InstallChoice } from './InstallChoice';
import styles from './SettingsDialog.module.css';

/** @param children what more there is to set where the dialog is opened */
export function SettingsDialog({ open, children, onClose }: { open: boolean; children?: ReactNode; onClose(): void }) {
  const { t } = useTranslation();
  const { theme, language } = useStore(preferences);
  return (
    <ModalOverlay isOpen={open} isDismissable onOpenChange={isOpen => { if (!isOpen) onClose(); }} className={styles.scrim!}>
      <Modal className={styles.modal!}>
        <Dialog aria-label={t('settings.title')} className={styles.dialog!}>
          <div className={styles.head}>
            <h2>{t('settings.title')}</h2>
            <IconButton icon="close" label={t('controls.close')} data-testid="settings-close" onPress={onClose} />
          </div>
          <div>
            <span className={styles.label}>{t('settings.language')}</span>
            <Choice
              label={t('settings.language')}
              testId="settings-language"
              options={[{ id: 'id', label: 'Bahasa Indonesia' }, { id: 'en', label: 'English' }]}
              selected={language}
              empty=""
              onChoose={id => {
                const chosen = id === 'en' ? 'en' : 'id';
                void setLanguage(chosen).then(() => prefer({ language: chosen }), () => undefined); // offline: the present language stays
              }}
            />
          </div>
          <div>
            <span className={styles.label}>{t('settings.theme')}</span>
            <Choice
              label={t('settings.theme')}
              testId="settings-theme"
              options={[
                { id: 'system', label: t('settings.themeSystem') },
                { id: 'light', label: t('settings.themeLight') },
                { id: 'dark', label: t('settings.themeDark') },
              ]}
              selected={theme}
              empty=""
              onChoose={id => prefer({ theme: id as Preferences['theme'] })}
            />
          </div>
          {children}
          <InstallChoice />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
