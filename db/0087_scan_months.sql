-- Months are made and dropped in turn with whoever applies scripts and gives rights (the same lock): both write the same rows of the catalogue.
create or replace function origin.prepare_scan_months(first_day date, last_day date) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare m date; name text; low text; high text;
begin
  perform pg_advisory_xact_lock(5459021);
  for m in select generate_series(date_trunc('month', first_day::timestamp), last_day::timestamp, interval '1 month')::date loop
    low := to_char(m, 'YYYY-MM-DD');
    high := to_char(m + interval '1 month', 'YYYY-MM-DD');
    name := 'scan_' || to_char(m, 'YYYY_MM');
    if to_regclass('origin.' || name) is null then
      execute format('create table origin.%I partition of origin.scan for values from (%L) to (%L)', name, low || ' 00:00:00+07', high || ' 00:00:00+07');
    end if;
    name := 'scan_day_' || to_char(m, 'YYYY_MM');
    if to_regclass('origin.' || name) is null then
      execute format('create table origin.%I partition of origin.scan_day for values from (%L) to (%L)', name, low, high);
    end if;
  end loop;
end $$;

create or replace function origin.forget_scans(before timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare t regclass;
begin
  perform pg_advisory_xact_lock(5459021);
  delete from origin.scan where at < before;
  for t in select i.inhrelid::regclass from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'origin.scan'::regclass and c.relname < 'scan_' || to_char(before at time zone 'Asia/Ho_Chi_Minh', 'YYYY_MM') loop
    execute format('drop table %s', t);
  end loop;
end $$;
