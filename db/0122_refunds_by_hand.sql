-- Money that a seller gave back outside of VNPAY is a refund like any other: with what proves it, and above the limit with a second person.
alter table payments.refund
  alter column attempt_id drop not null,
  alter column transaction_type drop not null,
  alter column request_id drop not null,
  add column hand_reference text,
  add constraint refund_hand_reference_length check (length(hand_reference) between 1 and 100),
  add constraint refund_way check (case when hand_reference is null then num_nulls(attempt_id, transaction_type, request_id) = 0 else num_nonnulls(attempt_id, transaction_type, request_id) = 0 end);

-- What the operator's pages count of the last day.
create index notification_refused on payments.notification (received_at) where channel = 'ipn' and verdict in ('amount-differs', 'invalid-signature');
