-- When a package was scanned first and last is kept to the second for 30 days, as every scan is; then it is the day alone.
create or replace function origin.forget_scans(before timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare t regclass; items bigint[];
begin
  perform pg_advisory_xact_lock(5459021);
  with gone as (delete from origin.scan where at < before returning item_id) select array_agg(distinct item_id) into items from gone;
  -- Scans of a second are written under this lock, many packages at once.
  perform pg_advisory_xact_lock(hashtextextended('origin.scans', 0));
  update origin.item i set
    first_scanned_at = case when i.first_scanned_at < before then date_trunc('day', i.first_scanned_at, 'Asia/Ho_Chi_Minh') else i.first_scanned_at end,
    last_scanned_at = case when i.last_scanned_at < before then date_trunc('day', i.last_scanned_at, 'Asia/Ho_Chi_Minh') else i.last_scanned_at end
  where i.id = any(items);
  for t in select i.inhrelid::regclass from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'origin.scan'::regclass and c.relname < 'scan_' || to_char(before at time zone 'Asia/Ho_Chi_Minh', 'YYYY_MM') loop
    execute format('drop table %s', t);
  end loop;
end $$;

update origin.item set first_scanned_at = date_trunc('day', first_scanned_at, 'Asia/Ho_Chi_Minh') where first_scanned_at < now() - interval '30 days';
update origin.item set last_scanned_at = date_trunc('day', last_scanned_at, 'Asia/Ho_Chi_Minh') where last_scanned_at < now() - interval '30 days';
