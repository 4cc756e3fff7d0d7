/** Opens the run's report: one HTML file, made of what has been counted so far. */
import { memo, type ReactNode } from 'react';
import { Button } from '@mantine/core';
import { CONTROL_PATHS } from '#protocol/control-api.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import classes from '#renderer/run/header.module.css';

interface ReportButtonProps {
  readonly runId: string;
  readonly isOver: boolean;
}

export const ReportButton = memo(function ReportButton({ runId, isOver }: ReportButtonProps): ReactNode {
  return (
    <Button
      component="a"
      href={CONTROL_PATHS.report(runId)}
      target="_blank"
      rel="noopener"
      size="xs"
      variant="default"
      title={isOver ? 'Open the report' : 'Open the report so far'}
    >
      <Icon name="report" size={14} />
      <span className={classes['reportWord']}>Report</span>
    </Button>
  );
});
