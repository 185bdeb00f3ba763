// One piece of code for everything about accounts: split finer, the build would cut what the join page needs into a dozen pieces as well.
import '../../i18n/account';

export { AccountMenu } from './AccountMenu';
export { AccountPage } from './AccountPage';
export { RegisterPage } from './RegisterPage';
export { SignInPage } from './SignInPage';
