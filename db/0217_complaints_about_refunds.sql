-- A buyer whose money did not come back in time complains about that, also where no goods went out.
alter table orders.complaint drop constraint complaint_matter;
alter table orders.complaint add constraint complaint_matter check (matter in ('differs', 'damaged', 'missing', 'late', 'refund', 'other'));
