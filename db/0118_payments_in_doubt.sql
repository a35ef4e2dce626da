-- What the operator saw in VNPAY's portal about a try in doubt is kept beside what VNPAY said itself.
alter table payments.notification drop constraint notification_channel;
alter table payments.notification add constraint notification_channel check (channel in ('ipn', 'querydr', 'refund', 'portal'));
create index attempt_in_review on payments.attempt (id desc) where status = 'review';
