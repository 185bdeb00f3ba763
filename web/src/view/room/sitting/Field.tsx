import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { TextArea } from 'react-aria-components/TextArea';
import { Text } from 'react-aria-components/Text';
import { TextField } from 'react-aria-components/TextField';
import controls from '../../parts/Controls.module.css';
import styles from './Sitting.module.css';

interface FieldProps {
  label: string;
  value: string;
  testId: string;
  hint?: string;
  lines?: number;
  maximum?: number;
  isNumber?: boolean;
  onChange(value: string): void;
}

/** A line of text, a number, or several lines. */
export function Field({ label, value, testId, hint, lines = 1, maximum = 300, isNumber = false, onChange }: FieldProps) {
  return (
    <TextField className={controls.field!} value={value} maxLength={maximum} inputMode={isNumber ? 'numeric' : 'text'} autoComplete="off" onChange={onChange}>
      <Label className={controls.label!}>{label}</Label>
      {lines === 1
        ? <Input className={`${controls.input} ${styles.input}`} data-testid={testId} />
        : <TextArea className={`${controls.input} ${styles.area}`} rows={lines} data-testid={testId} />}
      {hint !== undefined && <Text slot="description" className={controls.hint!}>{hint}</Text>}
    </TextField>
  );
}
