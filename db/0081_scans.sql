-- Openings of the pages of single packages: the time and nothing of the reader, the province only where the reader said it. Details are kept 30 days;
-- what stays are counts of a day. Both tables are partitioned by month: months are made ahead of time, and those of details dropped when they have passed.
create table origin.scan (
  item_id bigint not null constraint scan_item_fk references origin.item,
  lot_id bigint not null,
  producer_id bigint not null,
  at timestamptz not null,
  province_code text constraint scan_province_fk references foundation.province
) partition by range (at);
create index scan_item on origin.scan (item_id, at desc);

alter table origin.scan_day rename to scan_day_before;
alter table origin.scan_day_before rename constraint scan_day_pk to scan_day_before_pk;
alter table origin.scan_day_before rename constraint scan_day_lot_fk to scan_day_before_lot_fk;
create table origin.scan_day (
  lot_id bigint not null constraint scan_day_lot_fk references origin.lot,
  producer_id bigint not null constraint scan_day_producer_fk references producers.producer,
  day date not null,
  scans bigint not null,
  item_scans bigint not null default 0,
  first_items bigint not null default 0,
  constraint scan_day_pk primary key (lot_id, day)
) partition by range (day);
create index scan_day_producer on origin.scan_day (producer_id, day);

-- What a lot's page shows: one row, however many days there are.
create table origin.scan_total (
  lot_id bigint constraint scan_total_pk primary key constraint scan_total_lot_fk references origin.lot,
  scans bigint not null,
  item_scans bigint not null default 0,
  first_at timestamptz not null
) with (fillfactor = 80);

-- The application's role makes no tables: these two do it for it, and nothing else. Months are Vietnam's.
create function origin.prepare_scan_months(first_day date, last_day date) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare m date; name text; low text; high text;
begin
  perform pg_advisory_xact_lock(hashtextextended('origin.scan-months', 0));
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

create function origin.forget_scans(before timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare t regclass;
begin
  perform pg_advisory_xact_lock(hashtextextended('origin.scan-months', 0));
  delete from origin.scan where at < before;
  for t in select i.inhrelid::regclass from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'origin.scan'::regclass and c.relname < 'scan_' || to_char(before at time zone 'Asia/Ho_Chi_Minh', 'YYYY_MM') loop
    execute format('drop table %s', t);
  end loop;
end $$;

select origin.prepare_scan_months(min(day), max(day)) from origin.scan_day_before having count(*) > 0;
insert into origin.scan_day (lot_id, producer_id, day, scans) select d.lot_id, l.producer_id, d.day, d.scans from origin.scan_day_before d join origin.lot l on l.id = d.lot_id;
insert into origin.scan_total (lot_id, scans, first_at) select lot_id, sum(scans), min(first_at) from origin.scan_day_before group by lot_id;
drop table origin.scan_day_before;

-- Codes that somebody scanned or typed and nobody was given: how often, and whose GTIN stood before them. Forgotten 30 days after the last time.
create table origin.unknown_scan (
  code text collate "C" constraint unknown_scan_pk primary key constraint unknown_scan_code_format check (code ~ '^[0-9A-Z-]{8,40}$'),
  gtin text,
  producer_id bigint constraint unknown_scan_producer_fk references producers.producer,
  scans bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null
);
create index unknown_scan_last on origin.unknown_scan (last_at desc, code);
create index unknown_scan_producer on origin.unknown_scan (producer_id, last_at desc) where producer_id is not null;

-- When a scan is worth an officer's look. 0 switches a rule off.
create table origin.scan_rule (
  name text constraint scan_rule_pk primary key,
  value int not null constraint scan_rule_value check (value between 0 and 10000),
  changed_at timestamptz not null default now()
);
insert into origin.scan_rule (name, value) values ('many', 20), ('far-km', 300), ('far-hours', 3), ('sold-out-days', 60), ('recalled', 1), ('expired', 1);

create table origin.scan_alert (
  id bigint generated always as identity constraint scan_alert_pk primary key,
  item_id bigint not null constraint scan_alert_item_fk references origin.item,
  lot_id bigint not null constraint scan_alert_lot_fk references origin.lot,
  producer_id bigint not null constraint scan_alert_producer_fk references producers.producer,
  rule text not null constraint scan_alert_rule check (rule in ('many', 'far', 'sold_out', 'recalled', 'expired')),
  figure int not null default 0,
  found_at timestamptz not null,
  handled_at timestamptz,
  handled_by bigint constraint scan_alert_handler_fk references accounts.person,
  constraint scan_alert_once unique (item_id, rule)
);
create index scan_alert_open on origin.scan_alert (id desc) where handled_at is null;
create index scan_alert_producer on origin.scan_alert (producer_id, id desc);

alter table origin.lot add column sold_out_at timestamptz;
