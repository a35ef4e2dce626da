-- One announcement names all lots that a block or a recall reaches; what waits for its turn still names one.
update jobs.job set payload = jsonb_build_object('LotIds', jsonb_build_array(payload -> 'LotId'))
where kind like 'LotBlockChanged>%' and done_at is null and payload ? 'LotId';
