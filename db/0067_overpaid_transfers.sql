-- What a transfer brings beyond the order's price goes back.
alter table payments.refund_case drop constraint refund_case_cause;
alter table payments.refund_case add constraint refund_case_cause
  check (cause in ('paid_late', 'second_success', 'overpaid', 'recall', 'cancelled', 'return', 'complaint', 'weight', 'goodwill'));
