-- What was approved last of a producer is told behind its labels for good, also when it is suspended and nothing of it is public any more.
alter table producers.producer add column approved_version integer;
update producers.producer r set approved_version = v.version
from (select producer_id, max(version) as version from producers.producer_version where state = 'approved' group by producer_id) v where v.producer_id = r.id;
alter table producers.producer add constraint producer_approved_version_fk foreign key (id, approved_version) references producers.producer_version (producer_id, version);
