import type { ReactNode } from 'react';
import { Button, type ButtonProps } from 'react-aria-components/Button';
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import styles from './Controls.module.css';
import { Icon, type IconName } from './Icon';

interface TextButtonProps extends Omit<ButtonProps, 'className' | 'children'> {
  look?: 'primary' | 'quiet' | 'danger';
  small?: boolean;
  icon?: IconName;
  children: ReactNode;
}

export function TextButton({ look = 'primary', small = false, icon, children, ...props }: TextButtonProps) {
  return (
    <Button {...props} className={`${styles.button} ${styles[look]} ${styles.pressed} ${small ? styles.small : ''}`}>
      {icon !== undefined && <Icon name={icon} size={small ? 18 : 22} />}
      {children}
    </Button>
  );
}

interface IconButtonProps extends Omit<ButtonProps, 'className' | 'children' | 'aria-label'> {
  icon: IconName;
  label: string;
  shortcut?: string;
  look?: 'plain' | 'filled' | 'active' | 'off';
  /** False: no tooltip. One that comes with the focus would take the Escape that is meant for what the button closes. */
  tip?: boolean;
  children?: ReactNode;
}

export function IconButton({ icon, label, shortcut, look = 'plain', tip = true, children, ...props }: IconButtonProps) {
  const button = (
    <Button {...props} aria-label={label} className={`${styles.round} ${look === 'plain' ? '' : styles[look]}`}>
      <Icon name={icon} />
      {children}
    </Button>
  );
  if (!tip) return button;
  return (
    <TooltipTrigger delay={500}>
      {button}
      <Tooltip className={styles.tooltip!} offset={8}>{shortcut === undefined ? label : `${label} (${shortcut})`}</Tooltip>
    </TooltipTrigger>
  );
}
