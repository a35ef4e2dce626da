-- A listing that was taken down here and then on the platform too, by hand.
alter table exports.partner_result drop constraint partner_result_status, add constraint partner_result_status check (status in ('accepted', 'refused', 'waiting', 'removed'));
