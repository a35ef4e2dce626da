-- Operators bring in what producers make, for those who take the producers over.
alter table imports.import drop constraint import_kind, add constraint import_kind check (kind in ('', 'listings', 'lots', 'products', 'producers', 'changes', 'office-products'));
