import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../state/store';
import { account } from '../me';
import { navigate, route } from '../route';
import { TextButton } from './Controls';

const AccountMenu = lazy(() => import('../account').then(parts => ({ default: parts.AccountMenu })));

/** Who is signed in, at the edge of every page; nothing until that is known. */
export function AccountCorner() {
  const { t } = useTranslation();
  const current = useStore(account);
  const { page } = useStore(route);
  if (current === null) return null;
  if (current.account !== null) return <Suspense><AccountMenu account={current.account} /></Suspense>;
  if (page === 'signIn' || page === 'register') return null;
  return <TextButton look="quiet" small data-testid="corner-sign-in" onPress={() => navigate('/sign-in')}>{t('corner.signIn')}</TextButton>;
}
