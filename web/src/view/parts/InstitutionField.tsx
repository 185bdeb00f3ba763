import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { TextField } from 'react-aria-components/TextField';
import { useTranslation } from 'react-i18next';
import '../../i18n/lobby';
import { maxNameLength } from '../../state/names';
import { useStore } from '../../state/store';
import { prefer, preferences } from '../preferences';
import controls from './Controls.module.css';

/** Where a guest says that he comes from; remembered on this device. It comes after the page is at work. */
export default function InstitutionField() {
  const { t } = useTranslation();
  const { institution } = useStore(preferences);
  return (
    <TextField className={controls.field!} value={institution} maxLength={maxNameLength} onChange={value => prefer({ institution: value })}>
      <Label className={controls.label!}>{t('lobby.institution')}</Label>
      <Input className={controls.input!} autoComplete="organization" data-testid="prejoin-institution" />
      <p className={controls.hint}>{t('lobby.institutionHint')}</p>
    </TextField>
  );
}
