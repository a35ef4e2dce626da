-- What the buyer's browser brought back from VNPAY is kept like everything else that came in its name.
alter table payments.notification drop constraint notification_channel;
alter table payments.notification add constraint notification_channel check (channel in ('ipn', 'return', 'querydr', 'refund', 'portal'));
