import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { useTranslation } from 'react-i18next';
import type { AccountInfo } from '../../signaling/contract';
import { Avatar } from '../parts/Avatar';
import controls from '../parts/Controls.module.css';
import { Icon } from '../parts/Icon';
import { navigate } from '../route';
import styles from './AccountMenu.module.css';
import { signOut } from './signOut';

export function AccountMenu({ account }: { account: AccountInfo }) {
  const { t } = useTranslation();
  const [failed, setFailed] = useState(false);
  const leave = async () => setFailed(!(await signOut()));
  return (
    <>
      {failed && <p className={`${controls.error} ${styles.failed}`} role="alert">{t('account.signOutFailed')}</p>}
      <MenuTrigger>
        <Button className={styles.button!} data-testid="account-menu">
          <span className={styles.face}><Avatar id={account.id} name={account.name} /></span>
          <span className="visually-hidden">{t('corner.menu', { name: account.name })}</span>
          <span className={styles.name} aria-hidden="true">{account.name}</span>
          <Icon name="chevronDown" size={18} />
        </Button>
        <Popover className={controls.popover!} placement="bottom end">
          <Menu className={controls.menu!} aria-label={t('corner.menu', { name: account.name })}>
            <MenuItem className={controls.menuItem!} textValue={t('account.toAccount')} data-testid="account-open" onAction={() => navigate('/account')}>
              <span className={controls.check}><Icon name="settings" size={20} /></span>
              <span className={controls.itemText}>{t('account.toAccount')}</span>
            </MenuItem>
            <MenuItem className={controls.menuItem!} textValue={t('account.signOut')} data-testid="account-sign-out" onAction={() => void leave()}>
              <span className={controls.check}><Icon name="leave" size={20} /></span>
              <span className={controls.itemText}>{t('account.signOut')}</span>
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
    </>
  );
}
