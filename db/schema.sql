-- The present shape in one file: written by the tests from the catalogue, never run. The scripts beside it are the truth.

-- accounts
create table accounts.access (
  id bigint generated always as identity not null,
  person_id bigint not null,
  at timestamp with time zone not null,
  what text not null,
  method text not null,
  ip inet,
  port integer
);
alter table accounts.access add constraint access_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table accounts.access add constraint access_pk PRIMARY KEY (id);
alter table accounts.access add constraint access_what CHECK ((what = ANY (ARRAY['begin'::text, 'end'::text])));
CREATE INDEX access_at ON accounts.access USING btree (at);
CREATE INDEX access_person ON accounts.access USING btree (person_id, id DESC);
create table accounts.audit (
  id bigint generated always as identity not null,
  at timestamp with time zone not null,
  actor_id bigint,
  actor_role text not null,
  action text not null,
  subject text not null,
  reason text,
  detail jsonb default '{}'::jsonb not null,
  on_behalf_of_id bigint
);
alter table accounts.audit add constraint audit_actor_fk FOREIGN KEY (actor_id) REFERENCES accounts.person(id);
alter table accounts.audit add constraint audit_on_behalf_of_fk FOREIGN KEY (on_behalf_of_id) REFERENCES accounts.person(id);
alter table accounts.audit add constraint audit_pk PRIMARY KEY (id);
CREATE INDEX audit_action ON accounts.audit USING btree (action, id DESC);
CREATE INDEX audit_subject ON accounts.audit USING btree (subject, id DESC);
CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON accounts.audit FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
create table accounts.consent (
  id bigint generated always as identity not null,
  person_id bigint not null,
  purpose text not null,
  given boolean not null,
  text_version text not null,
  text_hash text not null,
  channel text not null,
  at timestamp with time zone not null
);
alter table accounts.consent add constraint consent_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table accounts.consent add constraint consent_pk PRIMARY KEY (id);
CREATE INDEX consent_person ON accounts.consent USING btree (person_id, purpose, id DESC);
CREATE TRIGGER consent_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON accounts.consent FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
create table accounts.data_protection_key (
  id bigint generated always as identity not null,
  friendly_name text not null,
  xml text not null,
  created_at timestamp with time zone default now() not null
);
alter table accounts.data_protection_key add constraint data_protection_key_pk PRIMARY KEY (id);
create table accounts.data_request (
  id bigint generated always as identity not null,
  code text not null,
  person_id bigint,
  purchase_code text,
  contact text default ''::text not null,
  kind text not null,
  wish text not null,
  opened_at timestamp with time zone not null,
  answer_by date not null,
  due_on date not null,
  answered_at timestamp with time zone,
  closed_at timestamp with time zone,
  outcome text,
  answer text default ''::text not null,
  handled_by bigint
);
alter table accounts.data_request add constraint data_request_answer_length CHECK ((char_length(answer) <= 2000));
alter table accounts.data_request add constraint data_request_closed CHECK ((((closed_at IS NULL) = (outcome IS NULL)) AND ((outcome IS DISTINCT FROM 'refused'::text) OR (char_length(answer) >= 10))));
alter table accounts.data_request add constraint data_request_code_key UNIQUE (code);
alter table accounts.data_request add constraint data_request_handler_fk FOREIGN KEY (handled_by) REFERENCES accounts.person(id);
alter table accounts.data_request add constraint data_request_kind CHECK ((kind = ANY (ARRAY['see'::text, 'correct'::text, 'copy'::text, 'withdraw'::text, 'restrict'::text, 'object'::text, 'erase'::text])));
alter table accounts.data_request add constraint data_request_outcome CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text])));
alter table accounts.data_request add constraint data_request_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table accounts.data_request add constraint data_request_pk PRIMARY KEY (id);
alter table accounts.data_request add constraint data_request_whose CHECK (((person_id IS NULL) <> (purchase_code IS NULL)));
alter table accounts.data_request add constraint data_request_wish_length CHECK ((char_length(wish) <= 2000));
CREATE INDEX data_request_open ON accounts.data_request USING btree (due_on, id) WHERE (closed_at IS NULL);
CREATE INDEX data_request_person ON accounts.data_request USING btree (person_id, id DESC);
create table accounts.kept_form (
  token_hash bytea not null,
  person_id bigint,
  target text not null,
  content_type text not null,
  body bytea not null,
  kept_at timestamp with time zone not null
);
alter table accounts.kept_form add constraint kept_form_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table accounts.kept_form add constraint kept_form_pk PRIMARY KEY (token_hash);
CREATE INDEX kept_form_kept ON accounts.kept_form USING btree (kept_at);
CREATE INDEX kept_form_person ON accounts.kept_form USING btree (person_id);
create table accounts.message (
  id bigint generated always as identity not null,
  key text not null,
  channel text not null,
  recipient text not null,
  subject text not null,
  body text not null,
  created_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  expires_at timestamp with time zone,
  attempts integer default 0 not null,
  claimed_until timestamp with time zone,
  refused_at timestamp with time zone,
  last_error text default ''::text not null
);
alter table accounts.message add constraint message_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])));
alter table accounts.message add constraint message_ended_once CHECK (((sent_at IS NULL) OR (refused_at IS NULL)));
alter table accounts.message add constraint message_key UNIQUE (key);
alter table accounts.message add constraint message_pk PRIMARY KEY (id);
CREATE INDEX message_unsent ON accounts.message USING btree (id) WHERE ((sent_at IS NULL) AND (refused_at IS NULL));
create table accounts.one_time_code (
  token_hash bytea not null,
  purpose text not null,
  recipient_hash bytea not null,
  code_hash bytea not null,
  source text not null,
  tries integer default 0 not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone
);
alter table accounts.one_time_code add constraint one_time_code_pk PRIMARY KEY (token_hash);
CREATE INDEX one_time_code_created ON accounts.one_time_code USING btree (created_at);
CREATE INDEX one_time_code_recipient ON accounts.one_time_code USING btree (recipient_hash, created_at);
create table accounts.one_time_link (
  token_hash bytea not null,
  person_id bigint not null,
  purpose text not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone
);
alter table accounts.one_time_link add constraint one_time_link_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table accounts.one_time_link add constraint one_time_link_pk PRIMARY KEY (token_hash);
alter table accounts.one_time_link add constraint one_time_link_purpose CHECK ((purpose = 'set-password'::text));
create table accounts.passkey (
  credential_id bytea not null,
  person_id bigint not null,
  name text not null,
  public_key bytea not null,
  sign_count bigint not null,
  transports text[] not null,
  user_verified boolean not null,
  backup_eligible boolean not null,
  backed_up boolean not null,
  attestation_object bytea not null,
  client_data_json bytea not null,
  created_at timestamp with time zone not null,
  used_at timestamp with time zone
);
alter table accounts.passkey add constraint passkey_id_length CHECK (((octet_length(credential_id) >= 1) AND (octet_length(credential_id) <= 1023)));
alter table accounts.passkey add constraint passkey_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 60)));
alter table accounts.passkey add constraint passkey_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table accounts.passkey add constraint passkey_pk PRIMARY KEY (credential_id);
CREATE INDEX passkey_person ON accounts.passkey USING btree (person_id, created_at);
create table accounts.passkey_challenge (
  token_hash bytea not null,
  state text not null,
  expires_at timestamp with time zone not null
);
alter table accounts.passkey_challenge add constraint passkey_challenge_pk PRIMARY KEY (token_hash);
create table accounts.person (
  id bigint generated always as identity not null,
  email text,
  phone text,
  name text not null,
  password_hash text,
  security_stamp text not null,
  totp_secret text,
  totp_last_step bigint,
  second_factor_demanded boolean default true not null,
  is_sample boolean default false not null,
  created_at timestamp with time zone not null,
  disabled_at timestamp with time zone,
  public_id uuid default gen_random_uuid() not null,
  email_proven_at timestamp with time zone,
  phone_proven_at timestamp with time zone,
  erased_at timestamp with time zone
);
alter table accounts.person add constraint person_email_folded CHECK ((email = lower(email)));
alter table accounts.person add constraint person_email_key UNIQUE (email);
alter table accounts.person add constraint person_erased CHECK (((erased_at IS NULL) OR ((email IS NULL) AND (phone IS NULL) AND (password_hash IS NULL) AND (totp_secret IS NULL) AND (disabled_at IS NOT NULL))));
alter table accounts.person add constraint person_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 120)));
alter table accounts.person add constraint person_phone_key UNIQUE (phone);
alter table accounts.person add constraint person_pk PRIMARY KEY (id);
alter table accounts.person add constraint person_public_id_key UNIQUE (public_id);
alter table accounts.person add constraint person_reachable CHECK (((email IS NOT NULL) OR (phone IS NOT NULL) OR (erased_at IS NOT NULL)));
create table accounts.person_role (
  person_id bigint not null,
  role text not null
);
alter table accounts.person_role add constraint person_role_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table accounts.person_role add constraint person_role_pk PRIMARY KEY (person_id, role);
alter table accounts.person_role add constraint person_role_word CHECK ((role = ANY (ARRAY['buyer'::text, 'seller'::text, 'officer'::text, 'operator'::text, 'helper'::text])));
create table accounts.recovery_code (
  person_id bigint not null,
  number integer not null,
  code_hash text not null,
  created_at timestamp with time zone not null,
  used_at timestamp with time zone
);
alter table accounts.recovery_code add constraint recovery_code_number CHECK (((number >= 1) AND (number <= 10)));
alter table accounts.recovery_code add constraint recovery_code_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table accounts.recovery_code add constraint recovery_code_pk PRIMARY KEY (person_id, number);
create table accounts.session (
  token_hash bytea not null,
  person_id bigint not null,
  ticket bytea not null,
  created_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  user_agent text default ''::text not null,
  ip inet,
  id bigint generated always as identity not null,
  idle_seconds integer not null,
  ends_at timestamp with time zone not null,
  confirmed_at timestamp with time zone
);
alter table accounts.session add constraint session_id_key UNIQUE (id);
alter table accounts.session add constraint session_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table accounts.session add constraint session_pk PRIMARY KEY (token_hash);
CREATE INDEX session_expiry ON accounts.session USING btree (expires_at);
CREATE INDEX session_person ON accounts.session USING btree (person_id);
create table accounts.sign_in_failure (
  id bigint generated always as identity not null,
  sign_in_hash bytea not null,
  source text not null,
  failed_at timestamp with time zone not null
);
alter table accounts.sign_in_failure add constraint sign_in_failure_pk PRIMARY KEY (id);
CREATE INDEX sign_in_failure_recent ON accounts.sign_in_failure USING btree (sign_in_hash, source, failed_at);
CREATE INDEX sign_in_failure_source ON accounts.sign_in_failure USING btree (source, failed_at);

-- catalog
CREATE OR REPLACE FUNCTION catalog.folded_words(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN regexp_replace(regexp_replace(foundation.fold(value), '[^a-z0-9]+'::text, ' '::text, 'g'::text), '(?<=[0-9])(?=[a-z])|(?<=[a-z])(?=[0-9])'::text, ' '::text, 'g'::text);
CREATE OR REPLACE FUNCTION catalog.marked_words(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN regexp_replace(regexp_replace(lower(NORMALIZE(value, NFC)), '[\s!-/:-@\[-`{-~“”‘’–—…·•×]+'::text, ' '::text, 'g'::text), '(?<=[0-9])(?=[a-z])|(?<=[a-z])(?=[0-9])'::text, ' '::text, 'g'::text);
CREATE OR REPLACE FUNCTION catalog.note_movement()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare before catalog.lot_stock;
begin
  if tg_op = 'UPDATE' then
    if (new.supplied, new.available, new.held, new.sold, new.written_off) is not distinct from (old.supplied, old.available, old.held, old.sold, old.written_off) then
      return null;
    end if;
    before := old;
  end if;
  if new.movements is distinct from coalesce(before.movements, 0) + 1 then
    raise exception 'stock of lot % changes without its movement', new.lot_id using errcode = 'check_violation', constraint = 'lot_stock_movements';
  end if;
  insert into catalog.stock_movement (lot_id, no, at, moved_for, note, person_id, supplied, available, held, sold, written_off, available_after)
  values (new.lot_id, new.movements, new.moved_at, new.moved_for, new.moved_note, new.moved_by,
    new.supplied - coalesce(before.supplied, 0), new.available - coalesce(before.available, 0), new.held - coalesce(before.held, 0),
    new.sold - coalesce(before.sold, 0), new.written_off - coalesce(before.written_off, 0), new.available);
  return null;
end $function$;
create table catalog.delivery_rate (
  producer_id bigint not null,
  zone text not null,
  up_to_g bigint not null,
  fee_vnd bigint not null
);
alter table catalog.delivery_rate add constraint delivery_rate_fee CHECK ((fee_vnd >= 0));
alter table catalog.delivery_rate add constraint delivery_rate_pk PRIMARY KEY (producer_id, zone, up_to_g);
alter table catalog.delivery_rate add constraint delivery_rate_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table catalog.delivery_rate add constraint delivery_rate_weight CHECK ((up_to_g > 0));
alter table catalog.delivery_rate add constraint delivery_rate_zone CHECK ((zone = ANY (ARRAY['province'::text, 'north'::text, 'country'::text])));
create table catalog.delivery_terms (
  producer_id bigint not null,
  ready_days integer not null,
  days_province integer not null,
  days_country integer not null,
  cod_limit_vnd bigint not null,
  days_north integer not null,
  cut_off_hour integer default 24 not null,
  pack_days integer[] default '{1,2,3,4,5,6,7}'::integer[] not null
);
alter table catalog.delivery_terms add constraint delivery_terms_cod CHECK ((cod_limit_vnd >= 0));
alter table catalog.delivery_terms add constraint delivery_terms_country CHECK (((days_country >= 0) AND (days_country <= 30)));
alter table catalog.delivery_terms add constraint delivery_terms_cut_off CHECK (((cut_off_hour >= 1) AND (cut_off_hour <= 24)));
alter table catalog.delivery_terms add constraint delivery_terms_north CHECK (((days_north >= 0) AND (days_north <= 30)));
alter table catalog.delivery_terms add constraint delivery_terms_pack_days CHECK ((((cardinality(pack_days) >= 1) AND (cardinality(pack_days) <= 7)) AND (pack_days <@ '{1,2,3,4,5,6,7}'::integer[])));
alter table catalog.delivery_terms add constraint delivery_terms_pk PRIMARY KEY (producer_id);
alter table catalog.delivery_terms add constraint delivery_terms_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table catalog.delivery_terms add constraint delivery_terms_province CHECK (((days_province >= 0) AND (days_province <= 30)));
alter table catalog.delivery_terms add constraint delivery_terms_ready CHECK (((ready_days >= 0) AND (ready_days <= 30)));
create table catalog.known_name (
  kind text not null,
  value text not null,
  name text not null,
  name_en text not null,
  listings integer not null
);
alter table catalog.known_name add constraint known_name_kind CHECK ((kind = ANY (ARRAY['speciality'::text, 'category'::text, 'commune'::text, 'producer'::text])));
alter table catalog.known_name add constraint known_name_pk PRIMARY KEY (kind, value);
create table catalog.known_word (
  word text not null,
  marked text not null,
  listings integer not null
);
alter table catalog.known_word add constraint known_word_pk PRIMARY KEY (word);
create table catalog.listing (
  id bigint generated always as identity not null,
  slug text not null,
  producer_id bigint not null,
  product_id bigint not null,
  title text not null,
  title_en text default ''::text not null,
  sale_unit text not null,
  base_per_unit bigint not null,
  net_weight_g bigint not null,
  price_vnd bigint not null,
  season_months integer[] default '{}'::integer[] not null,
  min_units integer default 1 not null,
  status text not null,
  status_reason text default ''::text not null,
  version integer default 0 not null,
  public_version integer,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  published_at timestamp with time zone,
  approved_at timestamp with time zone,
  paused_at timestamp with time zone,
  paused_for text,
  returned_parts text[] default '{}'::text[] not null,
  taken_back_at timestamp with time zone,
  max_units integer,
  gross_weight_g bigint,
  length_cm integer,
  width_cm integer,
  height_cm integer,
  usual_vnd bigint,
  sale_vnd bigint,
  sale_from timestamp with time zone,
  sale_until timestamp with time zone
);
alter table catalog.listing add constraint listing_base_per_unit CHECK ((base_per_unit > 0));
alter table catalog.listing add constraint listing_gross_weight CHECK ((gross_weight_g > 0));
alter table catalog.listing add constraint listing_hidden CHECK (((status <> ALL (ARRAY['suspended'::text, 'closed'::text])) OR (public_version IS NULL)));
alter table catalog.listing add constraint listing_max_units CHECK (((max_units >= min_units) AND (max_units <= 999)));
alter table catalog.listing add constraint listing_min_units CHECK (((min_units >= 1) AND (min_units <= 999)));
alter table catalog.listing add constraint listing_net_weight CHECK ((net_weight_g > 0));
alter table catalog.listing add constraint listing_paused CHECK (((paused_at IS NULL) = (paused_for IS NULL)));
alter table catalog.listing add constraint listing_paused_for CHECK ((paused_for = ANY (ARRAY['break'::text, 'season'::text])));
alter table catalog.listing add constraint listing_pk PRIMARY KEY (id);
alter table catalog.listing add constraint listing_price CHECK (((price_vnd >= 1000) AND (price_vnd <= 999999999)));
alter table catalog.listing add constraint listing_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table catalog.listing add constraint listing_product_fk FOREIGN KEY (product_id) REFERENCES producers.product(id);
alter table catalog.listing add constraint listing_public_version_fk FOREIGN KEY (id, public_version) REFERENCES catalog.listing_version(listing_id, version);
alter table catalog.listing add constraint listing_sale CHECK (((num_nonnulls(sale_vnd, sale_from, sale_until) = ANY (ARRAY[0, 3])) AND (sale_vnd >= 1000) AND (sale_until > sale_from) AND (sale_vnd < COALESCE(usual_vnd, price_vnd))));
alter table catalog.listing add constraint listing_sale_public CHECK (((sale_vnd IS NULL) OR (public_version IS NOT NULL)));
alter table catalog.listing add constraint listing_sale_running CHECK (((usual_vnd IS NULL) OR ((sale_vnd IS NOT NULL) AND (price_vnd = sale_vnd))));
alter table catalog.listing add constraint listing_sale_unit CHECK ((sale_unit = ANY (ARRAY['kg'::text, 'bunch'::text, 'box'::text, 'piece'::text])));
alter table catalog.listing add constraint listing_size CHECK (((num_nonnulls(length_cm, width_cm, height_cm) = ANY (ARRAY[0, 3])) AND (LEAST(length_cm, width_cm, height_cm) >= 1) AND (GREATEST(length_cm, width_cm, height_cm) <= 500)));
alter table catalog.listing add constraint listing_slug_format CHECK ((slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text));
alter table catalog.listing add constraint listing_slug_key UNIQUE (slug);
alter table catalog.listing add constraint listing_status CHECK ((status = ANY (ARRAY['draft'::text, 'submitted'::text, 'returned'::text, 'approved'::text, 'suspended'::text, 'closed'::text])));
alter table catalog.listing add constraint listing_taken_back CHECK (((taken_back_at IS NULL) OR (status = 'closed'::text)));
alter table catalog.listing add constraint listing_title_length CHECK (((char_length(title) >= 4) AND (char_length(title) <= 160)));
CREATE INDEX listing_price_up ON catalog.listing USING btree (price_vnd, id) WHERE (public_version IS NOT NULL);
CREATE INDEX listing_producer ON catalog.listing USING btree (producer_id, id DESC);
CREATE INDEX listing_product ON catalog.listing USING btree (product_id);
CREATE INDEX listing_published ON catalog.listing USING btree (published_at DESC, id DESC) WHERE (public_version IS NOT NULL);
CREATE INDEX listing_sale_until ON catalog.listing USING btree (sale_until) WHERE (sale_vnd IS NOT NULL);
create table catalog.listing_change (
  listing_id bigint not null,
  no bigint not null
);
alter table catalog.listing_change add constraint listing_change_listing_fk FOREIGN KEY (listing_id) REFERENCES catalog.listing(id);
alter table catalog.listing_change add constraint listing_change_no_key UNIQUE (no);
alter table catalog.listing_change add constraint listing_change_pk PRIMARY KEY (listing_id);
create table catalog.listing_price (
  listing_id bigint not null,
  no integer not null,
  at timestamp with time zone not null,
  price_vnd bigint not null,
  person_id bigint,
  usual_vnd bigint
);
alter table catalog.listing_price add constraint listing_price_listing_fk FOREIGN KEY (listing_id) REFERENCES catalog.listing(id);
alter table catalog.listing_price add constraint listing_price_no CHECK ((no > 0));
alter table catalog.listing_price add constraint listing_price_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table catalog.listing_price add constraint listing_price_pk PRIMARY KEY (listing_id, no);
alter table catalog.listing_price add constraint listing_price_sale CHECK ((usual_vnd > price_vnd));
CREATE TRIGGER listing_price_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON catalog.listing_price FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
create table catalog.listing_version (
  listing_id bigint not null,
  version integer not null,
  title text not null,
  title_en text not null,
  category_slug text not null,
  speciality_slug text,
  gtin text,
  sale_unit text not null,
  base_unit text not null,
  base_per_unit bigint not null,
  net_weight_g bigint not null,
  description text not null,
  storage text not null,
  picture_ids uuid[] not null,
  certificate_ids uuid[] not null,
  submitted_at timestamp with time zone not null,
  submitted_by bigint,
  state text not null,
  decided_at timestamp with time zone,
  decided_by bigint,
  reason text,
  brand text default ''::text not null,
  model text default ''::text not null,
  piece_weight_g bigint,
  ingredients text default ''::text not null
);
alter table catalog.listing_version add constraint listing_version_category_fk FOREIGN KEY (category_slug) REFERENCES producers.category(slug);
alter table catalog.listing_version add constraint listing_version_decided CHECK (((state = ANY (ARRAY['approved'::text, 'returned'::text])) = (decided_at IS NOT NULL)));
alter table catalog.listing_version add constraint listing_version_decider_fk FOREIGN KEY (decided_by) REFERENCES accounts.person(id);
alter table catalog.listing_version add constraint listing_version_listing_fk FOREIGN KEY (listing_id) REFERENCES catalog.listing(id);
alter table catalog.listing_version add constraint listing_version_pk PRIMARY KEY (listing_id, version);
alter table catalog.listing_version add constraint listing_version_positive CHECK ((version > 0));
alter table catalog.listing_version add constraint listing_version_speciality_fk FOREIGN KEY (speciality_slug) REFERENCES producers.speciality(slug);
alter table catalog.listing_version add constraint listing_version_state CHECK ((state = ANY (ARRAY['submitted'::text, 'approved'::text, 'returned'::text, 'withdrawn'::text])));
alter table catalog.listing_version add constraint listing_version_submitter_fk FOREIGN KEY (submitted_by) REFERENCES accounts.person(id);
CREATE UNIQUE INDEX listing_version_one_open ON catalog.listing_version USING btree (listing_id) WHERE (state = 'submitted'::text);
create table catalog.lot_stock (
  lot_id bigint not null,
  product_id bigint not null,
  supplied bigint not null,
  available bigint not null,
  held bigint default 0 not null,
  sold bigint default 0 not null,
  written_off bigint default 0 not null,
  movements integer default 1 not null,
  moved_at timestamp with time zone default now() not null,
  moved_for text default 'opening'::text not null,
  moved_note text default ''::text not null,
  moved_by bigint
);
alter table catalog.lot_stock add constraint lot_stock_available CHECK ((available >= 0));
alter table catalog.lot_stock add constraint lot_stock_balance CHECK ((supplied = (((available + held) + sold) + written_off)));
alter table catalog.lot_stock add constraint lot_stock_held CHECK ((held >= 0));
alter table catalog.lot_stock add constraint lot_stock_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table catalog.lot_stock add constraint lot_stock_mover_fk FOREIGN KEY (moved_by) REFERENCES accounts.person(id);
alter table catalog.lot_stock add constraint lot_stock_pk PRIMARY KEY (lot_id);
alter table catalog.lot_stock add constraint lot_stock_product_fk FOREIGN KEY (product_id) REFERENCES producers.product(id);
alter table catalog.lot_stock add constraint lot_stock_sold CHECK ((sold >= 0));
alter table catalog.lot_stock add constraint lot_stock_written_off CHECK ((written_off >= 0));
CREATE INDEX lot_stock_product ON catalog.lot_stock USING btree (product_id, lot_id);
CREATE TRIGGER lot_stock_note_movement AFTER INSERT OR UPDATE ON catalog.lot_stock FOR EACH ROW EXECUTE FUNCTION catalog.note_movement();
create table catalog.offer_draft (
  id uuid not null,
  producer_id bigint not null,
  copied_from_id bigint,
  content jsonb not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  changed_by bigint,
  finished_at timestamp with time zone,
  listing_id bigint,
  lot_id bigint
);
alter table catalog.offer_draft add constraint offer_draft_changer_fk FOREIGN KEY (changed_by) REFERENCES accounts.person(id);
alter table catalog.offer_draft add constraint offer_draft_content_size CHECK ((length((content)::text) <= 30000));
alter table catalog.offer_draft add constraint offer_draft_copied_from_fk FOREIGN KEY (copied_from_id) REFERENCES catalog.listing(id);
alter table catalog.offer_draft add constraint offer_draft_finished CHECK ((((finished_at IS NULL) = (listing_id IS NULL)) AND ((listing_id IS NULL) = (lot_id IS NULL))));
alter table catalog.offer_draft add constraint offer_draft_listing_fk FOREIGN KEY (listing_id) REFERENCES catalog.listing(id);
alter table catalog.offer_draft add constraint offer_draft_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table catalog.offer_draft add constraint offer_draft_pk PRIMARY KEY (id);
alter table catalog.offer_draft add constraint offer_draft_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
CREATE INDEX offer_draft_open ON catalog.offer_draft USING btree (producer_id, changed_at DESC) WHERE (finished_at IS NULL);
create table catalog.reservation (
  id uuid not null,
  lot_id bigint not null,
  holder text not null,
  quantity_base bigint not null,
  state text not null,
  expires_at timestamp with time zone,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone
);
alter table catalog.reservation add constraint reservation_lot_fk FOREIGN KEY (lot_id) REFERENCES catalog.lot_stock(lot_id);
alter table catalog.reservation add constraint reservation_pk PRIMARY KEY (id);
alter table catalog.reservation add constraint reservation_quantity CHECK ((quantity_base > 0));
alter table catalog.reservation add constraint reservation_state CHECK ((state = ANY (ARRAY['held'::text, 'sold'::text, 'released'::text])));
CREATE INDEX reservation_expiry ON catalog.reservation USING btree (expires_at) WHERE (state = 'held'::text);
CREATE INDEX reservation_holder ON catalog.reservation USING btree (holder);
create table catalog.search_entry (
  listing_id bigint not null,
  category_slug text not null,
  speciality_slug text,
  commune_code text not null,
  price_vnd bigint not null,
  season_months integer[] not null,
  certificate_kinds text[] not null,
  stars integer,
  certificates_until date,
  published_at timestamp with time zone not null,
  stock_units bigint not null,
  sellable boolean not null,
  called text not null,
  title text not null,
  belongs text not null,
  place text not null,
  tsv tsvector generated always as ((((setweight(to_tsvector('simple'::regconfig, split_part(ltrim(catalog.folded_words(called)), ' '::text, 1)), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, ((COALESCE("substring"(ltrim(catalog.folded_words(called)), ' .*$'::text), ''::text) || ' '::text) || catalog.folded_words(title))), 'B'::"char")) || setweight(to_tsvector('simple'::regconfig, catalog.folded_words(belongs)), 'C'::"char")) || setweight(to_tsvector('simple'::regconfig, catalog.folded_words(place)), 'D'::"char"))) stored not null,
  marks tsvector generated always as (((setweight(to_tsvector('simple'::regconfig, ((catalog.marked_words(called) || ' '::text) || catalog.marked_words(title))), 'B'::"char") || setweight(to_tsvector('simple'::regconfig, catalog.marked_words(belongs)), 'C'::"char")) || setweight(to_tsvector('simple'::regconfig, catalog.marked_words(place)), 'D'::"char"))) stored not null
);
alter table catalog.search_entry add constraint search_entry_listing_fk FOREIGN KEY (listing_id) REFERENCES catalog.listing(id);
alter table catalog.search_entry add constraint search_entry_pk PRIMARY KEY (listing_id);
CREATE INDEX search_entry_category_new ON catalog.search_entry USING btree (category_slug, published_at DESC, listing_id DESC) WHERE sellable;
CREATE INDEX search_entry_category_price ON catalog.search_entry USING btree (category_slug, price_vnd, listing_id) WHERE sellable;
CREATE INDEX search_entry_certificates ON catalog.search_entry USING gin (certificate_kinds) WITH (fastupdate=off);
CREATE INDEX search_entry_commune_new ON catalog.search_entry USING btree (commune_code, published_at DESC, listing_id DESC) WHERE sellable;
CREATE INDEX search_entry_new ON catalog.search_entry USING btree (published_at DESC, listing_id DESC) WHERE sellable;
CREATE INDEX search_entry_price ON catalog.search_entry USING btree (price_vnd, listing_id) WHERE sellable;
CREATE INDEX search_entry_speciality_new ON catalog.search_entry USING btree (speciality_slug, published_at DESC, listing_id DESC) WHERE sellable;
CREATE INDEX search_entry_stars ON catalog.search_entry USING btree (stars) WHERE (sellable AND (stars IS NOT NULL));
CREATE INDEX search_entry_tsv ON catalog.search_entry USING gin (tsv) WITH (fastupdate=off);
CREATE INDEX search_entry_uncertified ON catalog.search_entry USING btree (certificates_until) WHERE (certificates_until IS NOT NULL);
create table catalog.search_term (
  id bigint generated always as identity not null,
  kind text not null,
  phrases text[] not null,
  means text[] not null,
  source text not null
);
alter table catalog.search_term add constraint search_term_kind CHECK ((kind = ANY (ARRAY['same'::text, 'also'::text, 'fact'::text, 'soft'::text, 'noise'::text])));
alter table catalog.search_term add constraint search_term_phrases CHECK ((cardinality(phrases) > 0));
alter table catalog.search_term add constraint search_term_pk PRIMARY KEY (id);
create table catalog.stock_movement (
  lot_id bigint not null,
  no integer not null,
  at timestamp with time zone not null,
  moved_for text not null,
  note text not null,
  person_id bigint,
  supplied bigint not null,
  available bigint not null,
  held bigint not null,
  sold bigint not null,
  written_off bigint not null,
  available_after bigint not null
);
alter table catalog.stock_movement add constraint stock_movement_balance CHECK ((supplied = (((available + held) + sold) + written_off)));
alter table catalog.stock_movement add constraint stock_movement_lot_fk FOREIGN KEY (lot_id) REFERENCES catalog.lot_stock(lot_id);
alter table catalog.stock_movement add constraint stock_movement_no CHECK ((no > 0));
alter table catalog.stock_movement add constraint stock_movement_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table catalog.stock_movement add constraint stock_movement_pk PRIMARY KEY (lot_id, no);
CREATE TRIGGER stock_movement_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON catalog.stock_movement FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();

-- exports
create table exports.asked_run (
  id uuid not null,
  key_code text not null,
  profile_code text not null,
  asked_at timestamp with time zone not null,
  begun_at timestamp with time zone,
  ended_at timestamp with time zone,
  run_id bigint
);
alter table exports.asked_run add constraint asked_run_ended CHECK (((run_id IS NULL) = (ended_at IS NULL)));
alter table exports.asked_run add constraint asked_run_pk PRIMARY KEY (id);
alter table exports.asked_run add constraint asked_run_run_fk FOREIGN KEY (run_id) REFERENCES exports.run(id) ON DELETE CASCADE;
CREATE UNIQUE INDEX asked_run_open ON exports.asked_run USING btree (key_code, profile_code) WHERE (ended_at IS NULL);
CREATE INDEX asked_run_run ON exports.asked_run USING btree (run_id);
create table exports.category_map (
  profile_code text not null,
  lookup text not null,
  category_slug text not null,
  value text not null
);
alter table exports.category_map add constraint category_map_category_fk FOREIGN KEY (category_slug) REFERENCES producers.category(slug);
alter table exports.category_map add constraint category_map_pk PRIMARY KEY (profile_code, lookup, category_slug);
alter table exports.category_map add constraint category_map_value CHECK (((char_length(value) >= 1) AND (char_length(value) <= 200)));
create table exports.feed_token (
  id bigint generated always as identity not null,
  profile_code text not null,
  token_hash bytea not null,
  label text not null,
  created_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  used_at timestamp with time zone,
  producer_id bigint,
  taken text
);
alter table exports.feed_token add constraint feed_token_hash_key UNIQUE (token_hash);
alter table exports.feed_token add constraint feed_token_pk PRIMARY KEY (id);
alter table exports.feed_token add constraint feed_token_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
create table exports.filling (
  key uuid not null,
  profile_code text not null,
  profile_version integer not null,
  producer_id bigint,
  file_name text not null,
  content bytea not null,
  written integer not null,
  set_aside integer not null,
  faults jsonb not null,
  filled_at timestamp with time zone not null,
  heads text[] default '{}'::text[] not null
);
alter table exports.filling add constraint filling_file_name CHECK (((char_length(file_name) >= 1) AND (char_length(file_name) <= 200)));
alter table exports.filling add constraint filling_pk PRIMARY KEY (key);
alter table exports.filling add constraint filling_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table exports.filling add constraint filling_profile_fk FOREIGN KEY (profile_code, profile_version) REFERENCES exports.profile(code, version);
CREATE UNIQUE INDEX filling_sender ON exports.filling USING btree (profile_code, COALESCE(producer_id, (0)::bigint));
create table exports.open_build (
  id bigint generated always as identity not null,
  set_code text not null,
  cause text not null,
  built_at timestamp with time zone not null,
  covers_from date not null,
  covers_until date not null,
  rows integer not null,
  added integer not null,
  removed integer not null,
  csv_sha256 text not null,
  csv_bytes bigint not null,
  json_sha256 text not null,
  json_bytes bigint not null
);
alter table exports.open_build add constraint open_build_covers CHECK ((covers_until >= covers_from));
alter table exports.open_build add constraint open_build_pk PRIMARY KEY (id);
alter table exports.open_build add constraint open_build_rows CHECK ((rows >= 0));
CREATE INDEX open_build_latest ON exports.open_build USING btree (set_code, id DESC);
create table exports.open_row (
  set_code text not null,
  row_id text not null,
  removed_at timestamp with time zone
);
alter table exports.open_row add constraint open_row_pk PRIMARY KEY (set_code, row_id);
CREATE INDEX open_row_removed ON exports.open_row USING btree (set_code, removed_at DESC, row_id) WHERE (removed_at IS NOT NULL);
create table exports.partner_result (
  profile_code text not null,
  listing_id bigint not null,
  status text not null,
  reason text not null,
  platform_id text not null,
  url text not null,
  reported_at timestamp with time zone not null
);
alter table exports.partner_result add constraint partner_result_listing_fk FOREIGN KEY (listing_id) REFERENCES catalog.listing(id);
alter table exports.partner_result add constraint partner_result_pk PRIMARY KEY (profile_code, listing_id);
alter table exports.partner_result add constraint partner_result_platform_id CHECK ((char_length(platform_id) <= 100));
alter table exports.partner_result add constraint partner_result_reason CHECK ((char_length(reason) <= 500));
alter table exports.partner_result add constraint partner_result_status CHECK ((status = ANY (ARRAY['accepted'::text, 'refused'::text, 'waiting'::text, 'removed'::text])));
alter table exports.partner_result add constraint partner_result_url CHECK (((url = ''::text) OR ((url ~ '^https://'::text) AND (char_length(url) <= 2000))));
CREATE INDEX partner_result_listing ON exports.partner_result USING btree (listing_id);
create table exports.partner_sale (
  profile_code text not null,
  listing_id bigint not null,
  from_on date not null,
  until_on date not null,
  orders integer not null,
  value_vnd bigint not null,
  reported_at timestamp with time zone not null
);
alter table exports.partner_sale add constraint partner_sale_listing_fk FOREIGN KEY (listing_id) REFERENCES catalog.listing(id);
alter table exports.partner_sale add constraint partner_sale_orders CHECK ((orders >= 0));
alter table exports.partner_sale add constraint partner_sale_period CHECK ((until_on >= from_on));
alter table exports.partner_sale add constraint partner_sale_pk PRIMARY KEY (profile_code, listing_id, from_on, until_on);
alter table exports.partner_sale add constraint partner_sale_value CHECK ((value_vnd >= 0));
CREATE INDEX partner_sale_listing ON exports.partner_sale USING btree (listing_id);
create table exports.profile (
  code text not null,
  version integer not null,
  name text not null,
  status text not null,
  definition jsonb not null,
  created_at timestamp with time zone not null,
  note text default ''::text not null,
  author text not null
);
alter table exports.profile add constraint profile_pk PRIMARY KEY (code, version);
alter table exports.profile add constraint profile_status CHECK ((status = ANY (ARRAY['draft'::text, 'proved'::text, 'legacy'::text])));
CREATE TRIGGER profile_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON exports.profile FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
create table exports.proof (
  profile_code text not null,
  version integer not null,
  proved_on date not null,
  mark text not null,
  recorded_at timestamp with time zone not null,
  heads text[] default '{}'::text[] not null
);
alter table exports.proof add constraint proof_mark CHECK ((mark <> ''::text));
alter table exports.proof add constraint proof_pk PRIMARY KEY (profile_code, version);
alter table exports.proof add constraint proof_profile_fk FOREIGN KEY (profile_code, version) REFERENCES exports.profile(code, version);
CREATE TRIGGER proof_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON exports.proof FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
create table exports.push (
  profile_code text not null,
  listing_id bigint not null,
  sku text not null,
  state text not null,
  payload text not null,
  print bytea not null,
  platform_id text not null,
  attempts integer not null,
  next_at timestamp with time zone,
  error text not null,
  asked_at timestamp with time zone not null,
  answered_at timestamp with time zone
);
alter table exports.push add constraint push_error CHECK ((char_length(error) <= 500));
alter table exports.push add constraint push_listing_fk FOREIGN KEY (listing_id) REFERENCES catalog.listing(id);
alter table exports.push add constraint push_open CHECK (((next_at IS NOT NULL) = (state = ANY (ARRAY['waiting'::text, 'withdrawing'::text]))));
alter table exports.push add constraint push_pk PRIMARY KEY (profile_code, listing_id);
alter table exports.push add constraint push_platform_id CHECK ((char_length(platform_id) <= 100));
alter table exports.push add constraint push_state CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'refused'::text, 'withdrawing'::text, 'withdrawn'::text])));
CREATE INDEX push_due ON exports.push USING btree (profile_code, next_at) WHERE (next_at IS NOT NULL);
CREATE INDEX push_listing ON exports.push USING btree (listing_id);
create table exports.push_pause (
  profile_code text not null,
  until timestamp with time zone not null,
  reason text not null
);
alter table exports.push_pause add constraint push_pause_pk PRIMARY KEY (profile_code);
alter table exports.push_pause add constraint push_pause_reason CHECK ((char_length(reason) <= 500));
create table exports.run (
  id bigint generated always as identity not null,
  profile_code text not null,
  profile_version integer not null,
  state text not null,
  cause text not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  selected integer default 0 not null,
  exported integer default 0 not null,
  set_aside integer default 0 not null,
  error text,
  key uuid default gen_random_uuid() not null,
  added integer,
  changed integer,
  removed integer,
  asked_at timestamp with time zone default now() not null,
  validated_at timestamp with time zone,
  delivered_at timestamp with time zone,
  acknowledged_at timestamp with time zone,
  listings_read integer default 0 not null,
  listings_total integer,
  unchanged integer generated always as (((exported - added) - changed)) stored
);
alter table exports.run add constraint run_acknowledged CHECK (((acknowledged_at IS NOT NULL) = (state = 'acknowledged'::text)));
alter table exports.run add constraint run_delivered CHECK (((delivered_at IS NOT NULL) = (state = ANY (ARRAY['delivered'::text, 'acknowledged'::text]))));
alter table exports.run add constraint run_key UNIQUE (key);
alter table exports.run add constraint run_pk PRIMARY KEY (id);
alter table exports.run add constraint run_profile_fk FOREIGN KEY (profile_code, profile_version) REFERENCES exports.profile(code, version);
alter table exports.run add constraint run_started CHECK (((started_at IS NOT NULL) OR (state = ANY (ARRAY['queued'::text, 'failed'::text]))));
alter table exports.run add constraint run_state CHECK ((state = ANY (ARRAY['queued'::text, 'building'::text, 'validated'::text, 'written'::text, 'delivered'::text, 'acknowledged'::text, 'failed'::text])));
CREATE INDEX run_latest ON exports.run USING btree (profile_code, id DESC);
create table exports.run_change (
  run_id bigint not null,
  listing_id bigint not null,
  change text not null,
  columns text[] not null
);
alter table exports.run_change add constraint run_change_kind CHECK ((change = ANY (ARRAY['new'::text, 'changed'::text, 'gone'::text])));
alter table exports.run_change add constraint run_change_listing_fk FOREIGN KEY (listing_id) REFERENCES catalog.listing(id);
alter table exports.run_change add constraint run_change_pk PRIMARY KEY (run_id, listing_id);
alter table exports.run_change add constraint run_change_run_fk FOREIGN KEY (run_id) REFERENCES exports.run(id) ON DELETE CASCADE;
create table exports.run_file (
  run_id bigint not null,
  extension text not null,
  sha256 text not null,
  bytes bigint not null
);
alter table exports.run_file add constraint run_file_extension CHECK ((extension = ANY (ARRAY['xml'::text, 'tsv'::text, 'csv'::text, 'xlsx'::text, 'json'::text])));
alter table exports.run_file add constraint run_file_pk PRIMARY KEY (run_id, extension);
alter table exports.run_file add constraint run_file_run_fk FOREIGN KEY (run_id) REFERENCES exports.run(id) ON DELETE CASCADE;
create table exports.sent_row (
  profile_code text not null,
  listing_id bigint not null,
  print bytea not null
);
alter table exports.sent_row add constraint sent_row_listing_fk FOREIGN KEY (listing_id) REFERENCES catalog.listing(id);
alter table exports.sent_row add constraint sent_row_pk PRIMARY KEY (profile_code, listing_id);
create table exports.set_aside (
  run_id bigint not null,
  listing_id bigint not null,
  code text not null,
  field text not null,
  value text not null,
  rule text not null,
  hint text not null,
  suggestion text default ''::text not null,
  warning boolean default false not null
);
alter table exports.set_aside add constraint set_aside_listing_fk FOREIGN KEY (listing_id) REFERENCES catalog.listing(id);
alter table exports.set_aside add constraint set_aside_pk PRIMARY KEY (run_id, listing_id, field, code);
alter table exports.set_aside add constraint set_aside_run_fk FOREIGN KEY (run_id) REFERENCES exports.run(id) ON DELETE CASCADE;
-- view exports.newest_open_build (set_code text, id bigint, built_at timestamp with time zone, issued_at timestamp with time zone, covers_from date, covers_until date, rows integer, csv_sha256 text, csv_bytes bigint, json_sha256 text, json_bytes bigint): its select stands in the scripts
-- view exports.newest_profile (code text, version integer, name text, status text, proved_on date, author text, note text, created_at timestamp with time zone, definition jsonb, formats text[]): its select stands in the scripts
-- view exports.newest_run (profile_code text, id bigint, profile_version integer, state text, set_aside integer, finished_at timestamp with time zone): its select stands in the scripts

-- files
create table files.rendition (
  file_id uuid not null,
  name text not null,
  content_type text not null,
  width integer,
  height integer,
  bytes bigint not null,
  sha256 text not null
);
alter table files.rendition add constraint rendition_file_fk FOREIGN KEY (file_id) REFERENCES files.stored_file(id);
alter table files.rendition add constraint rendition_name CHECK ((name ~ '^[a-z0-9]+\.(webp|jpg|pdf)$'::text));
alter table files.rendition add constraint rendition_pk PRIMARY KEY (file_id, name);
create table files.stored_file (
  id uuid not null,
  kind text not null,
  owner text not null,
  name text not null,
  content_type text not null,
  bytes bigint not null,
  sha256 text not null,
  width integer,
  height integer,
  state text not null,
  created_by bigint,
  created_at timestamp with time zone not null,
  focus smallint default 4 not null,
  unnamed_since timestamp with time zone
);
alter table files.stored_file add constraint stored_file_bytes CHECK ((bytes > 0));
alter table files.stored_file add constraint stored_file_focus CHECK (((focus >= 0) AND (focus <= 8)));
alter table files.stored_file add constraint stored_file_image_size CHECK (((kind <> 'image'::text) OR ((width > 0) AND (height > 0))));
alter table files.stored_file add constraint stored_file_kind CHECK ((kind = ANY (ARRAY['image'::text, 'document'::text])));
alter table files.stored_file add constraint stored_file_person_fk FOREIGN KEY (created_by) REFERENCES accounts.person(id);
alter table files.stored_file add constraint stored_file_pk PRIMARY KEY (id);
alter table files.stored_file add constraint stored_file_state CHECK ((state = ANY (ARRAY['pending'::text, 'clean'::text, 'rejected'::text])));
CREATE INDEX stored_file_focus_moved ON files.stored_file USING btree (id) WHERE (focus <> 4);
CREATE INDEX stored_file_owner ON files.stored_file USING btree (owner, created_at);
CREATE INDEX stored_file_unnamed ON files.stored_file USING btree (unnamed_since) WHERE (unnamed_since IS NOT NULL);
create table files.unnamed_bytes (
  sha256 text not null,
  since timestamp with time zone not null
);
alter table files.unnamed_bytes add constraint unnamed_bytes_pk PRIMARY KEY (sha256);

-- foundation
CREATE OR REPLACE FUNCTION foundation.fold(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(unaccent('unaccent'::regdictionary, NORMALIZE(value, NFC)));
CREATE OR REPLACE FUNCTION foundation.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'append-only: % of %.% is refused', lower(tg_op), tg_table_schema, tg_table_name
    using errcode = 'restrict_violation', constraint = tg_table_name || '_append_only';
end $function$;
create table foundation.bank (
  bin text not null,
  code text not null,
  short_name text not null,
  name text not null,
  swift text,
  vietqr text not null,
  deprecated boolean not null
);
alter table foundation.bank add constraint bank_bin_format CHECK ((bin ~ '^\d{6}$'::text));
alter table foundation.bank add constraint bank_pk PRIMARY KEY (bin);
create table foundation.commune (
  code text not null,
  province_code text not null,
  name text not null,
  full_name text not null,
  name_en text not null,
  kind text not null,
  lat numeric(7,4),
  lon numeric(7,4),
  slug text,
  former_district text,
  folded text generated always as (foundation.fold(full_name)) stored,
  name_folded text generated always as (foundation.fold(name)) stored,
  words text generated always as ((' '::text || btrim(regexp_replace(foundation.fold(((full_name || ' '::text) || COALESCE(former_district, ''::text))), '[^a-z0-9]+'::text, ' '::text, 'g'::text)))) stored
);
alter table foundation.commune add constraint commune_code_format CHECK ((code ~ '^\d{5}$'::text));
alter table foundation.commune add constraint commune_pk PRIMARY KEY (code);
alter table foundation.commune add constraint commune_province_fk FOREIGN KEY (province_code) REFERENCES foundation.province(code);
CREATE INDEX commune_folded ON foundation.commune USING gin (folded gin_trgm_ops);
CREATE INDEX commune_province ON foundation.commune USING btree (province_code, code);
create table foundation.commune_boundary (
  commune_code text not null,
  geometry jsonb not null
);
alter table foundation.commune_boundary add constraint commune_boundary_commune_fk FOREIGN KEY (commune_code) REFERENCES foundation.commune(code);
alter table foundation.commune_boundary add constraint commune_boundary_pk PRIMARY KEY (commune_code);
create table foundation.former_commune (
  id bigint generated always as identity not null,
  name text not null,
  full_name text not null,
  former_district text not null,
  commune_code text not null,
  folded text generated always as (foundation.fold(full_name)) stored,
  name_folded text generated always as (foundation.fold(name)) stored,
  words text generated always as ((' '::text || btrim(regexp_replace(foundation.fold(((full_name || ' '::text) || former_district)), '[^a-z0-9]+'::text, ' '::text, 'g'::text)))) stored
);
alter table foundation.former_commune add constraint former_commune_commune_fk FOREIGN KEY (commune_code) REFERENCES foundation.commune(code);
alter table foundation.former_commune add constraint former_commune_key UNIQUE (full_name, former_district);
alter table foundation.former_commune add constraint former_commune_pk PRIMARY KEY (id);
CREATE INDEX former_commune_folded ON foundation.former_commune USING gin (folded gin_trgm_ops);
create table foundation.kept_file (
  key uuid not null,
  field text not null,
  no integer not null,
  person_id bigint not null,
  name text not null,
  bytes bytea not null,
  kept_at timestamp with time zone not null
);
alter table foundation.kept_file add constraint kept_file_pk PRIMARY KEY (key, field, no);
CREATE INDEX kept_file_kept ON foundation.kept_file USING btree (kept_at);
CREATE INDEX kept_file_person ON foundation.kept_file USING btree (person_id);
create table foundation.province (
  code text not null,
  name text not null,
  full_name text not null,
  name_en text not null,
  slug text not null,
  merged_from text default ''::text not null,
  words text generated always as ((' '::text || btrim(regexp_replace(foundation.fold(full_name), '[^a-z0-9]+'::text, ' '::text, 'g'::text)))) stored
);
alter table foundation.province add constraint province_code_format CHECK ((code ~ '^\d{2}$'::text));
alter table foundation.province add constraint province_pk PRIMARY KEY (code);
alter table foundation.province add constraint province_slug_key UNIQUE (slug);
create table foundation.reference_file (
  name text not null,
  sha256 text not null,
  loaded_at timestamp with time zone default now() not null
);
alter table foundation.reference_file add constraint reference_file_pk PRIMARY KEY (name);
create table foundation.sent_form (
  key uuid not null,
  sender bytea not null,
  content bytea not null,
  begun_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  location text,
  said text
);
alter table foundation.sent_form add constraint sent_form_ended CHECK (((ended_at IS NULL) = (location IS NULL)));
alter table foundation.sent_form add constraint sent_form_pk PRIMARY KEY (key, sender);
CREATE INDEX sent_form_begun ON foundation.sent_form USING btree (begun_at);

-- imports
create table imports.import (
  id uuid not null,
  producer_id bigint,
  person_id bigint not null,
  kind text not null,
  file_name text not null,
  file bytea,
  state text not null,
  task_id uuid,
  sheet integer default 0 not null,
  heading_row integer default 0 not null,
  headings jsonb default '[]'::jsonb not null,
  notes jsonb default '[]'::jsonb not null,
  problem text,
  problem_args text[] default '{}'::text[] not null,
  valid_only boolean default false not null,
  announced integer default 0 not null,
  refused integer default 0 not null,
  saved integer default 0 not null,
  kept integer default 0 not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  saved_at timestamp with time zone,
  undone_at timestamp with time zone,
  pictures integer default 0 not null,
  pictures_saved integer default 0 not null,
  spare_pictures text[] default '{}'::text[] not null,
  unchanged integer default 0 not null,
  questions integer default 0 not null
);
alter table imports.import add constraint import_counts CHECK (((saved_at IS NULL) OR (saved = announced)));
alter table imports.import add constraint import_file_name CHECK ((char_length(file_name) <= 200));
alter table imports.import add constraint import_file_size CHECK ((octet_length(file) <= 5242880));
alter table imports.import add constraint import_kind CHECK ((kind = ANY (ARRAY[''::text, 'listings'::text, 'lots'::text, 'products'::text, 'producers'::text, 'changes'::text, 'office-products'::text])));
alter table imports.import add constraint import_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table imports.import add constraint import_picture_counts CHECK (((saved_at IS NULL) OR (pictures_saved = pictures)));
alter table imports.import add constraint import_pk PRIMARY KEY (id);
alter table imports.import add constraint import_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table imports.import add constraint import_saved CHECK (((state = ANY (ARRAY['saved'::text, 'undoing'::text, 'undone'::text])) = (saved_at IS NOT NULL)));
alter table imports.import add constraint import_state CHECK ((state = ANY (ARRAY['checking'::text, 'unreadable'::text, 'checked'::text, 'saving'::text, 'saved'::text, 'undoing'::text, 'undone'::text])));
CREATE INDEX import_person ON imports.import USING btree (person_id);
CREATE INDEX import_producer ON imports.import USING btree (producer_id, created_at DESC, id DESC);
create table imports.line (
  import_id uuid not null,
  row integer not null,
  cells jsonb not null,
  faults integer default 0 not null,
  twin integer,
  made text,
  beside text,
  kept_because text,
  kept_args text[],
  seen text
);
alter table imports.line add constraint line_import_fk FOREIGN KEY (import_id) REFERENCES imports.import(id) ON DELETE CASCADE;
alter table imports.line add constraint line_pk PRIMARY KEY (import_id, "row");
alter table imports.line add constraint line_row CHECK (("row" > 0));
CREATE INDEX line_faulty ON imports.line USING btree (import_id, "row") WHERE (faults > 0);
create table imports.picture (
  import_id uuid not null,
  no integer not null,
  name text not null,
  bytes bytea,
  picture_id uuid,
  refused text
);
alter table imports.picture add constraint picture_import_fk FOREIGN KEY (import_id) REFERENCES imports.import(id) ON DELETE CASCADE;
alter table imports.picture add constraint picture_pk PRIMARY KEY (import_id, no);
alter table imports.picture add constraint picture_size CHECK ((octet_length(bytes) <= 10485760));

-- jobs
create table jobs.job (
  id bigint generated always as identity not null,
  kind text not null,
  payload jsonb not null,
  key text,
  run_at timestamp with time zone not null,
  attempts integer default 0 not null,
  leased_until timestamp with time zone,
  done_at timestamp with time zone,
  dead_at timestamp with time zone,
  last_error text,
  created_at timestamp with time zone not null
);
alter table jobs.job add constraint job_ended_once CHECK (((done_at IS NULL) OR (dead_at IS NULL)));
alter table jobs.job add constraint job_key UNIQUE (key);
alter table jobs.job add constraint job_pk PRIMARY KEY (id);
CREATE INDEX job_done ON jobs.job USING btree (done_at) WHERE (done_at IS NOT NULL);
CREATE INDEX job_due ON jobs.job USING btree (run_at, id) WHERE ((done_at IS NULL) AND (dead_at IS NULL));
create table jobs.long_task (
  id uuid not null,
  person_id bigint not null,
  kind text not null,
  input jsonb not null,
  title text not null,
  title_args text[] not null,
  state text not null,
  done bigint default 0 not null,
  total bigint,
  attempts integer default 0 not null,
  leased_until timestamp with time zone,
  message text,
  message_args text[] default '{}'::text[] not null,
  result_path text,
  asked_at timestamp with time zone not null,
  ended_at timestamp with time zone
);
alter table jobs.long_task add constraint long_task_done CHECK ((done >= 0));
alter table jobs.long_task add constraint long_task_ended CHECK (((state = ANY (ARRAY['done'::text, 'failed'::text])) = (ended_at IS NOT NULL)));
alter table jobs.long_task add constraint long_task_pk PRIMARY KEY (id);
alter table jobs.long_task add constraint long_task_state CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text])));
alter table jobs.long_task add constraint long_task_total CHECK ((total >= 0));
CREATE INDEX long_task_open ON jobs.long_task USING btree (asked_at) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));
CREATE INDEX long_task_person ON jobs.long_task USING btree (person_id, asked_at DESC, id DESC);
create table jobs.schedule (
  name text not null,
  cron text not null,
  next_run_at timestamp with time zone not null,
  last_run_at timestamp with time zone
);
alter table jobs.schedule add constraint schedule_pk PRIMARY KEY (name);

-- orders
create table orders.cart (
  token_hash bytea not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  details jsonb default '{}'::jsonb not null,
  share_code text,
  share_until timestamp with time zone
);
alter table orders.cart add constraint cart_pk PRIMARY KEY (token_hash);
alter table orders.cart add constraint cart_share CHECK (((share_code IS NULL) = (share_until IS NULL)));
alter table orders.cart add constraint cart_share_code_format CHECK ((share_code ~ '^[0-9A-HJKMNP-TV-Z]{6}$'::text));
alter table orders.cart add constraint cart_share_code_key UNIQUE (share_code);
create table orders.cart_line (
  token_hash bytea not null,
  listing_id bigint not null,
  quantity integer not null,
  added_at timestamp with time zone not null
);
alter table orders.cart_line add constraint cart_line_cart_fk FOREIGN KEY (token_hash) REFERENCES orders.cart(token_hash) ON DELETE CASCADE;
alter table orders.cart_line add constraint cart_line_listing_fk FOREIGN KEY (listing_id) REFERENCES catalog.listing(id);
alter table orders.cart_line add constraint cart_line_pk PRIMARY KEY (token_hash, listing_id);
alter table orders.cart_line add constraint cart_line_quantity CHECK (((quantity >= 1) AND (quantity <= 999)));
create table orders.complaint (
  id bigint generated always as identity not null,
  code text not null,
  sub_order_id bigint not null,
  kind text not null,
  matter text not null,
  wish text not null,
  picture_ids uuid[] default '{}'::uuid[] not null,
  status text not null,
  refund_vnd bigint,
  opened_at timestamp with time zone not null,
  answer_by timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  taken_back_at timestamp with time zone
);
alter table orders.complaint add constraint complaint_code_key UNIQUE (code);
alter table orders.complaint add constraint complaint_kind CHECK ((kind = ANY (ARRAY['complaint'::text, 'return'::text])));
alter table orders.complaint add constraint complaint_matter CHECK ((matter = ANY (ARRAY['differs'::text, 'damaged'::text, 'missing'::text, 'late'::text, 'refund'::text, 'other'::text])));
alter table orders.complaint add constraint complaint_pk PRIMARY KEY (id);
alter table orders.complaint add constraint complaint_refund CHECK ((refund_vnd > 0));
alter table orders.complaint add constraint complaint_status CHECK ((status = ANY (ARRAY['open'::text, 'accepted'::text, 'refused'::text, 'escalated'::text, 'settled'::text, 'withdrawn'::text])));
alter table orders.complaint add constraint complaint_sub_order_fk FOREIGN KEY (sub_order_id) REFERENCES orders.sub_order(id);
alter table orders.complaint add constraint complaint_taken_back CHECK (((taken_back_at IS NULL) OR ((kind = 'return'::text) AND (status = ANY (ARRAY['accepted'::text, 'settled'::text])))));
alter table orders.complaint add constraint complaint_wish_length CHECK (((char_length(wish) >= 10) AND (char_length(wish) <= 1000)));
CREATE INDEX complaint_due ON orders.complaint USING btree (answer_by) WHERE (status = 'open'::text);
CREATE INDEX complaint_escalated ON orders.complaint USING btree (changed_at, id) WHERE (status = 'escalated'::text);
CREATE UNIQUE INDEX complaint_one_open ON orders.complaint USING btree (sub_order_id) WHERE (status = ANY (ARRAY['open'::text, 'escalated'::text]));
CREATE INDEX complaint_sub_order ON orders.complaint USING btree (sub_order_id, id);
create table orders.complaint_step (
  id bigint generated always as identity not null,
  complaint_id bigint not null,
  at timestamp with time zone not null,
  status text not null,
  by_role text not null,
  person_id bigint,
  words text default ''::text not null
);
alter table orders.complaint_step add constraint complaint_step_complaint_fk FOREIGN KEY (complaint_id) REFERENCES orders.complaint(id);
alter table orders.complaint_step add constraint complaint_step_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table orders.complaint_step add constraint complaint_step_pk PRIMARY KEY (id);
CREATE INDEX complaint_step_complaint ON orders.complaint_step USING btree (complaint_id, id);
create table orders.deadline (
  name text not null,
  days integer not null,
  source text not null,
  changed_at timestamp with time zone default now() not null
);
alter table orders.deadline add constraint deadline_days CHECK (((days >= 1) AND (days <= 60)));
alter table orders.deadline add constraint deadline_pk PRIMARY KEY (name);
create table orders.invoice_mark (
  id bigint generated always as identity not null,
  invoice_request_id bigint not null,
  status text not null,
  symbol text not null,
  number text not null,
  lookup_code text not null,
  marked_at timestamp with time zone not null
);
alter table orders.invoice_mark add constraint invoice_mark_number CHECK ((number <> ''::text));
alter table orders.invoice_mark add constraint invoice_mark_pk PRIMARY KEY (id);
alter table orders.invoice_mark add constraint invoice_mark_request_fk FOREIGN KEY (invoice_request_id) REFERENCES orders.invoice_request(id);
alter table orders.invoice_mark add constraint invoice_mark_status CHECK ((status = ANY (ARRAY['issued'::text, 'adjusted'::text, 'replaced'::text])));
alter table orders.invoice_mark add constraint invoice_mark_symbol CHECK ((symbol <> ''::text));
CREATE INDEX invoice_mark_request ON orders.invoice_mark USING btree (invoice_request_id, id);
CREATE TRIGGER invoice_mark_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON orders.invoice_mark FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
create table orders.invoice_request (
  id bigint generated always as identity not null,
  sub_order_id bigint not null,
  name text not null,
  tax_code text default ''::text not null,
  address text not null,
  email text default ''::text not null,
  personal_id text default ''::text not null,
  status text not null,
  symbol text default ''::text not null,
  number text default ''::text not null,
  lookup_code text default ''::text not null,
  requested_at timestamp with time zone not null,
  changed_at timestamp with time zone not null
);
alter table orders.invoice_request add constraint invoice_request_address_length CHECK (((char_length(address) >= 5) AND (char_length(address) <= 300)));
alter table orders.invoice_request add constraint invoice_request_issued CHECK (((status = 'requested'::text) OR ((symbol <> ''::text) AND (number <> ''::text))));
alter table orders.invoice_request add constraint invoice_request_name_length CHECK (((char_length(name) >= 2) AND (char_length(name) <= 200)));
alter table orders.invoice_request add constraint invoice_request_once UNIQUE (sub_order_id);
alter table orders.invoice_request add constraint invoice_request_pk PRIMARY KEY (id);
alter table orders.invoice_request add constraint invoice_request_status CHECK ((status = ANY (ARRAY['requested'::text, 'issued'::text, 'adjusted'::text, 'replaced'::text])));
alter table orders.invoice_request add constraint invoice_request_sub_order_fk FOREIGN KEY (sub_order_id) REFERENCES orders.sub_order(id);
create table orders.line (
  id bigint generated always as identity not null,
  sub_order_id bigint not null,
  listing_id bigint not null,
  listing_slug text not null,
  title text not null,
  sale_unit text not null,
  base_unit text not null,
  base_per_unit bigint not null,
  quantity integer not null,
  unit_price_vnd bigint not null,
  total_vnd bigint not null,
  packed_base bigint,
  charged_vnd bigint,
  title_en text default ''::text not null
);
alter table orders.line add constraint line_charged CHECK (((charged_vnd >= 0) AND (charged_vnd <= total_vnd)));
alter table orders.line add constraint line_listing_fk FOREIGN KEY (listing_id) REFERENCES catalog.listing(id);
alter table orders.line add constraint line_packed CHECK ((packed_base > 0));
alter table orders.line add constraint line_packed_charged CHECK (((packed_base IS NULL) = (charged_vnd IS NULL)));
alter table orders.line add constraint line_pk PRIMARY KEY (id);
alter table orders.line add constraint line_price CHECK ((unit_price_vnd > 0));
alter table orders.line add constraint line_quantity CHECK ((quantity > 0));
alter table orders.line add constraint line_sub_order_fk FOREIGN KEY (sub_order_id) REFERENCES orders.sub_order(id);
alter table orders.line add constraint line_sum CHECK ((total_vnd = (unit_price_vnd * quantity)));
CREATE INDEX line_sub_order ON orders.line USING btree (sub_order_id);
create table orders.line_lot (
  line_id bigint not null,
  lot_id bigint not null,
  quantity_base bigint not null
);
alter table orders.line_lot add constraint line_lot_line_fk FOREIGN KEY (line_id) REFERENCES orders.line(id);
alter table orders.line_lot add constraint line_lot_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table orders.line_lot add constraint line_lot_pk PRIMARY KEY (line_id, lot_id);
alter table orders.line_lot add constraint line_lot_quantity CHECK ((quantity_base > 0));
CREATE INDEX line_lot_lot ON orders.line_lot USING btree (lot_id);
create table orders.pickup_point (
  id bigint generated always as identity not null,
  code text not null,
  producer_id bigint not null,
  name text not null,
  address text not null,
  weekdays integer[] not null,
  from_hour integer not null,
  to_hour integer not null,
  closed_at timestamp with time zone
);
alter table orders.pickup_point add constraint pickup_point_address_length CHECK (((char_length(address) >= 5) AND (char_length(address) <= 200)));
alter table orders.pickup_point add constraint pickup_point_code_key UNIQUE (code);
alter table orders.pickup_point add constraint pickup_point_hours CHECK (((from_hour >= 0) AND (to_hour <= 24) AND (from_hour < to_hour)));
alter table orders.pickup_point add constraint pickup_point_name_length CHECK (((char_length(name) >= 3) AND (char_length(name) <= 80)));
alter table orders.pickup_point add constraint pickup_point_pk PRIMARY KEY (id);
alter table orders.pickup_point add constraint pickup_point_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table orders.pickup_point add constraint pickup_point_weekdays CHECK ((((cardinality(weekdays) >= 1) AND (cardinality(weekdays) <= 7)) AND (weekdays <@ '{1,2,3,4,5,6,7}'::integer[])));
CREATE INDEX pickup_point_producer ON orders.pickup_point USING btree (producer_id, id) WHERE (closed_at IS NULL);
create table orders.purchase (
  id bigint generated always as identity not null,
  code text not null,
  token_hash bytea not null,
  form_key text not null,
  person_id bigint,
  buyer_name text not null,
  buyer_phone text not null,
  province_code text not null,
  commune_code text not null,
  address_line text not null,
  note text default ''::text not null,
  method text not null,
  language text not null,
  total_vnd bigint not null,
  placed_at timestamp with time zone not null,
  placed_from bytea
);
alter table orders.purchase add constraint purchase_code_key UNIQUE (code);
alter table orders.purchase add constraint purchase_commune_fk FOREIGN KEY (commune_code) REFERENCES foundation.commune(code);
alter table orders.purchase add constraint purchase_form_key UNIQUE (form_key);
alter table orders.purchase add constraint purchase_language CHECK ((language = ANY (ARRAY['vi'::text, 'en'::text])));
alter table orders.purchase add constraint purchase_method_fk FOREIGN KEY (method) REFERENCES payments.method(code);
alter table orders.purchase add constraint purchase_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table orders.purchase add constraint purchase_pk PRIMARY KEY (id);
alter table orders.purchase add constraint purchase_province_fk FOREIGN KEY (province_code) REFERENCES foundation.province(code);
alter table orders.purchase add constraint purchase_total CHECK ((total_vnd > 0));
CREATE INDEX purchase_person ON orders.purchase USING btree (person_id, id DESC) WHERE (person_id IS NOT NULL);
CREATE INDEX purchase_phone ON orders.purchase USING btree (buyer_phone, id DESC);
CREATE INDEX purchase_placed_from ON orders.purchase USING btree (placed_from) WHERE (placed_from IS NOT NULL);
create table orders.recall_notice (
  recall_id bigint not null,
  sub_order_id bigint not null,
  told_at timestamp with time zone not null,
  acknowledged_at timestamp with time zone
);
alter table orders.recall_notice add constraint recall_notice_pk PRIMARY KEY (recall_id, sub_order_id);
alter table orders.recall_notice add constraint recall_notice_recall_fk FOREIGN KEY (recall_id) REFERENCES origin.recall(id);
alter table orders.recall_notice add constraint recall_notice_sub_order_fk FOREIGN KEY (sub_order_id) REFERENCES orders.sub_order(id);
CREATE INDEX recall_notice_sub_order ON orders.recall_notice USING btree (sub_order_id);
create table orders.returned_goods (
  complaint_id bigint not null,
  lot_id bigint not null,
  to_shelf boolean not null,
  quantity_base bigint not null
);
alter table orders.returned_goods add constraint returned_goods_complaint_fk FOREIGN KEY (complaint_id) REFERENCES orders.complaint(id);
alter table orders.returned_goods add constraint returned_goods_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table orders.returned_goods add constraint returned_goods_pk PRIMARY KEY (complaint_id, lot_id, to_shelf);
alter table orders.returned_goods add constraint returned_goods_quantity CHECK ((quantity_base > 0));
CREATE INDEX returned_goods_lot ON orders.returned_goods USING btree (lot_id);
create table orders.status_change (
  id bigint generated always as identity not null,
  sub_order_id bigint not null,
  from_status text,
  to_status text not null,
  at timestamp with time zone not null,
  person_id bigint,
  note text default ''::text not null,
  by_role text default ''::text not null,
  note_args text[]
);
alter table orders.status_change add constraint status_change_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table orders.status_change add constraint status_change_pk PRIMARY KEY (id);
alter table orders.status_change add constraint status_change_sub_order_fk FOREIGN KEY (sub_order_id) REFERENCES orders.sub_order(id);
CREATE INDEX status_change_sub_order ON orders.status_change USING btree (sub_order_id, id);
CREATE TRIGGER status_change_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON orders.status_change FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
create table orders.sub_order (
  id bigint generated always as identity not null,
  purchase_id bigint not null,
  code text not null,
  producer_id bigint not null,
  status text not null,
  goods_vnd bigint not null,
  shipping_vnd bigint not null,
  total_vnd bigint not null,
  method text not null,
  deliver_by date,
  tracking text default ''::text not null,
  changed_at timestamp with time zone not null,
  carrier text default ''::text not null,
  less_vnd bigint default 0 not null,
  pickup_place text,
  pickup_from timestamp with time zone,
  pickup_until timestamp with time zone,
  trade_key uuid default gen_random_uuid() not null
);
alter table orders.sub_order add constraint sub_order_code_key UNIQUE (code);
alter table orders.sub_order add constraint sub_order_goods CHECK ((goods_vnd > 0));
alter table orders.sub_order add constraint sub_order_less CHECK (((less_vnd >= 0) AND (less_vnd <= goods_vnd)));
alter table orders.sub_order add constraint sub_order_method_fk FOREIGN KEY (method) REFERENCES payments.method(code);
alter table orders.sub_order add constraint sub_order_pickup CHECK ((((pickup_place IS NULL) = (pickup_from IS NULL)) AND ((pickup_from IS NULL) = (pickup_until IS NULL)) AND (pickup_from < pickup_until) AND ((pickup_place IS NULL) OR (shipping_vnd = 0))));
alter table orders.sub_order add constraint sub_order_pk PRIMARY KEY (id);
alter table orders.sub_order add constraint sub_order_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table orders.sub_order add constraint sub_order_purchase_fk FOREIGN KEY (purchase_id) REFERENCES orders.purchase(id);
alter table orders.sub_order add constraint sub_order_seller_once UNIQUE (purchase_id, producer_id);
alter table orders.sub_order add constraint sub_order_shipping CHECK ((shipping_vnd >= 0));
alter table orders.sub_order add constraint sub_order_status CHECK ((status = ANY (ARRAY['awaiting_payment'::text, 'confirmed'::text, 'packed'::text, 'shipped'::text, 'failed'::text, 'delivered'::text, 'cancelled'::text, 'expired'::text, 'on_hold'::text])));
alter table orders.sub_order add constraint sub_order_sum CHECK ((total_vnd = (goods_vnd + shipping_vnd)));
alter table orders.sub_order add constraint sub_order_trade_key_key UNIQUE (trade_key);
CREATE INDEX sub_order_awaiting ON orders.sub_order USING btree (purchase_id) WHERE (status = 'awaiting_payment'::text);
CREATE INDEX sub_order_changed ON orders.sub_order USING btree (producer_id, changed_at, id);
CREATE INDEX sub_order_open_cash ON orders.sub_order USING btree (purchase_id) WHERE ((method = 'cod'::text) AND (status <> ALL (ARRAY['delivered'::text, 'cancelled'::text, 'expired'::text, 'on_hold'::text])));
CREATE INDEX sub_order_producer ON orders.sub_order USING btree (producer_id, id DESC);
CREATE INDEX sub_order_status_index ON orders.sub_order USING btree (producer_id, status, id DESC);

-- origin
CREATE OR REPLACE FUNCTION origin.diary_stage(kind text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select case kind when 'harvest' then 1 when 'handling' then 2 when 'packing' then 3 when 'storage' then 4 when 'shipping' then 5 else 0 end $function$;
CREATE OR REPLACE FUNCTION origin.forget_scans(before timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
end $function$;
CREATE OR REPLACE FUNCTION origin.note_correction()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
begin
  update origin.diary_entry set corrected = true where event_id = new.corrects_id;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION origin.note_recording()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  select e.recorded_at, e.correction_reason into new.recorded_at, new.correction_reason from origin.event e where e.id = new.event_id;
  return new;
end $function$;
CREATE OR REPLACE FUNCTION origin.prepare_scan_months(first_day date, last_day date)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
end $function$;
CREATE OR REPLACE FUNCTION origin.refuse_diary_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if to_jsonb(new) - 'worker' - 'corrected' is not distinct from to_jsonb(old) - 'worker' - 'corrected'
    and (new.corrected = old.corrected and new.worker = '(đã xóa)' or new.corrected and not old.corrected and new.worker is not distinct from old.worker) then
    return new;
  end if;
  raise exception 'append-only: % of %.% is refused', lower(tg_op), tg_table_schema, tg_table_name
    using errcode = 'restrict_violation', constraint = tg_table_name || '_append_only';
end $function$;
CREATE OR REPLACE FUNCTION origin.strike_worker(entries uuid[])
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
    with struck as (update origin.diary_entry set worker = '(đã xóa)' where event_id = any(entries) and worker is not null returning 1)
    select count(*)::int from struck
  $function$;
CREATE OR REPLACE FUNCTION origin.void_step(step uuid, declared uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
 SET "origin.voiding" TO 'on'
AS $function$
    with event as (select e.id from origin.event e where e.id = declared and e.corrects_id = step and e.document ? 'errorDeclaration'),
    taken as (delete from origin.lot_input i using event e where i.step_id = step returning i.step_id, i.lot_id, e.id as declared_id, false as made, i.quantity_base),
    made as (delete from origin.lot_output o using event e where o.step_id = step returning o.step_id, o.lot_id, e.id as declared_id, true as made, o.quantity_base)
    insert into origin.voided_step (step_id, lot_id, declared_id, made, quantity_base)
    select step_id, lot_id, declared_id, made, quantity_base from taken union all select step_id, lot_id, declared_id, made, quantity_base from made;
  $function$;
create table origin.approved_product (
  product_id bigint not null,
  title text not null,
  title_en text not null,
  speciality_slug text,
  gtin text,
  picture_id uuid,
  certificate_ids uuid[] not null,
  approved_at timestamp with time zone not null,
  listing_slug text not null,
  brand text default ''::text not null,
  model text default ''::text not null,
  storage text default ''::text not null,
  piece_weight_g bigint
);
alter table origin.approved_product add constraint approved_product_pk PRIMARY KEY (product_id);
alter table origin.approved_product add constraint approved_product_product_fk FOREIGN KEY (product_id) REFERENCES producers.product(id);
alter table origin.approved_product add constraint approved_product_speciality_fk FOREIGN KEY (speciality_slug) REFERENCES producers.speciality(slug);
CREATE INDEX approved_product_gtin ON origin.approved_product USING btree (gtin) WHERE (gtin IS NOT NULL);
create table origin.diary_crop (
  crop text not null,
  category_slug text not null,
  specialities text[] not null,
  words text[] not null
);
alter table origin.diary_crop add constraint diary_crop_category_fk FOREIGN KEY (category_slug) REFERENCES producers.category(slug);
alter table origin.diary_crop add constraint diary_crop_pk PRIMARY KEY (crop);
create table origin.diary_entry (
  event_id uuid not null,
  lot_id bigint not null,
  growing_area_id uuid,
  kind text not null,
  done_on date not null,
  input_code text,
  input_name text,
  active_ingredient text,
  target text,
  amount numeric(12,3),
  amount_unit text,
  interval_days integer,
  interval_source text,
  worker text,
  weather text,
  note text default ''::text not null,
  picture_ids uuid[] default '{}'::uuid[] not null,
  amount_base numeric(18,6),
  amount_base_unit text,
  area text,
  area_m2 numeric(14,2),
  volume text,
  volume_ml numeric(16,2),
  quantity text,
  quantity_g numeric(16,2),
  label_picture_id uuid,
  label_source text,
  details jsonb default '{}'::jsonb not null,
  written_at timestamp with time zone,
  sent_hash text,
  recorded_at timestamp with time zone not null,
  correction_reason text,
  corrected boolean default false not null
);
alter table origin.diary_entry add constraint diary_entry_amount CHECK ((amount > (0)::numeric));
alter table origin.diary_entry add constraint diary_entry_amount_base CHECK ((amount_base > (0)::numeric));
alter table origin.diary_entry add constraint diary_entry_amount_sized CHECK (((amount_base IS NULL) = (amount_base_unit IS NULL)));
alter table origin.diary_entry add constraint diary_entry_area CHECK ((area_m2 > (0)::numeric));
alter table origin.diary_entry add constraint diary_entry_details CHECK (((jsonb_typeof(details) = 'object'::text) AND (char_length((details)::text) <= 4000)));
alter table origin.diary_entry add constraint diary_entry_event_fk FOREIGN KEY (event_id) REFERENCES origin.event(id);
alter table origin.diary_entry add constraint diary_entry_growing_area_fk FOREIGN KEY (growing_area_id) REFERENCES producers.growing_area(id);
alter table origin.diary_entry add constraint diary_entry_input_fk FOREIGN KEY (input_code) REFERENCES origin.input(code);
alter table origin.diary_entry add constraint diary_entry_interval CHECK (((interval_days >= 0) AND (interval_days <= 365)));
alter table origin.diary_entry add constraint diary_entry_interval_source CHECK ((interval_source = ANY (ARRAY['label'::text, 'said'::text, 'reference'::text])));
alter table origin.diary_entry add constraint diary_entry_interval_sourced CHECK (((interval_days IS NULL) OR (interval_source IS NOT NULL)));
alter table origin.diary_entry add constraint diary_entry_kind CHECK ((kind = ANY (ARRAY['planting'::text, 'soil_water_test'::text, 'purchase'::text, 'fertilising'::text, 'spraying'::text, 'irrigation'::text, 'care'::text, 'harvest'::text, 'handling'::text, 'packing'::text, 'storage'::text, 'shipping'::text, 'waste'::text, 'training'::text, 'inspection'::text])));
alter table origin.diary_entry add constraint diary_entry_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.diary_entry add constraint diary_entry_measures CHECK ((((area IS NULL) = (area_m2 IS NULL)) AND ((volume IS NULL) = (volume_ml IS NULL)) AND ((quantity IS NULL) = (quantity_g IS NULL))));
alter table origin.diary_entry add constraint diary_entry_note_length CHECK ((char_length(note) <= 2000));
alter table origin.diary_entry add constraint diary_entry_pk PRIMARY KEY (event_id);
alter table origin.diary_entry add constraint diary_entry_quantity CHECK ((quantity_g > (0)::numeric));
alter table origin.diary_entry add constraint diary_entry_volume CHECK ((volume_ml > (0)::numeric));
CREATE INDEX diary_entry_harvest_spraying ON origin.diary_entry USING btree (lot_id, done_on) WHERE (kind = ANY (ARRAY['harvest'::text, 'spraying'::text]));
CREATE INDEX diary_entry_lot ON origin.diary_entry USING btree (lot_id, done_on, origin.diary_stage(kind), event_id);
CREATE INDEX diary_entry_sprayed ON origin.diary_entry USING btree (growing_area_id, done_on) WHERE (kind = 'spraying'::text);
CREATE TRIGGER diary_entry_append_only BEFORE DELETE OR TRUNCATE ON origin.diary_entry FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
CREATE TRIGGER diary_entry_note_recording BEFORE INSERT ON origin.diary_entry FOR EACH ROW EXECUTE FUNCTION origin.note_recording();
CREATE TRIGGER diary_entry_only_worker_struck BEFORE UPDATE ON origin.diary_entry FOR EACH ROW EXECUTE FUNCTION origin.refuse_diary_change();
create table origin.diary_link (
  id bigint generated always as identity not null,
  lot_id bigint not null,
  name text not null,
  created_by bigint not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone
);
alter table origin.diary_link add constraint diary_link_creator_fk FOREIGN KEY (created_by) REFERENCES accounts.person(id);
alter table origin.diary_link add constraint diary_link_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.diary_link add constraint diary_link_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 60)));
alter table origin.diary_link add constraint diary_link_pk PRIMARY KEY (id);
CREATE INDEX diary_link_lot ON origin.diary_link USING btree (lot_id, id) WHERE (ended_at IS NULL);
create table origin.diary_template (
  code text not null,
  category_slug text not null,
  kind text not null,
  title text not null,
  title_en text not null,
  amount_unit text default ''::text not null,
  method text default ''::text not null,
  sort integer not null,
  crop text
);
alter table origin.diary_template add constraint diary_template_category_fk FOREIGN KEY (category_slug) REFERENCES producers.category(slug);
alter table origin.diary_template add constraint diary_template_crop_fk FOREIGN KEY (crop) REFERENCES origin.diary_crop(crop);
alter table origin.diary_template add constraint diary_template_pk PRIMARY KEY (code);
CREATE INDEX diary_template_category ON origin.diary_template USING btree (category_slug);
CREATE INDEX diary_template_work ON origin.diary_template USING btree (COALESCE(crop, category_slug), sort);
create table origin.event (
  id uuid not null,
  lot_id bigint not null,
  producer_id bigint not null,
  event_type text not null,
  action text,
  event_time timestamp with time zone not null,
  event_offset text default '+07:00'::text not null,
  recorded_at timestamp with time zone not null,
  biz_step text not null,
  disposition text,
  read_point text,
  biz_location text,
  quantity_base bigint,
  document jsonb not null,
  event_hash text not null,
  vouched_by text not null,
  person_id bigint,
  corrects_id uuid,
  correction_reason text
);
alter table origin.event add constraint event_action CHECK ((action = ANY (ARRAY['ADD'::text, 'OBSERVE'::text, 'DELETE'::text])));
alter table origin.event add constraint event_correction_reason CHECK (((corrects_id IS NULL) = (correction_reason IS NULL)));
alter table origin.event add constraint event_corrects_fk FOREIGN KEY (corrects_id) REFERENCES origin.event(id);
alter table origin.event add constraint event_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.event add constraint event_offset_format CHECK ((event_offset ~ '^[+-]\d{2}:\d{2}$'::text));
alter table origin.event add constraint event_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table origin.event add constraint event_pk PRIMARY KEY (id);
alter table origin.event add constraint event_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table origin.event add constraint event_type_word CHECK ((event_type = ANY (ARRAY['ObjectEvent'::text, 'AggregationEvent'::text, 'TransactionEvent'::text, 'TransformationEvent'::text, 'AssociationEvent'::text])));
alter table origin.event add constraint event_vouched_by CHECK ((vouched_by = ANY (ARRAY['producer'::text, 'officer'::text, 'system'::text])));
CREATE UNIQUE INDEX event_corrected_once ON origin.event USING btree (corrects_id) WHERE (corrects_id IS NOT NULL);
CREATE UNIQUE INDEX event_identity ON origin.event USING btree (event_hash, ((document ? 'errorDeclaration'::text))) WHERE (document ? 'slm:entry'::text);
CREATE INDEX event_lot ON origin.event USING btree (lot_id, event_time, id);
CREATE TRIGGER event_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON origin.event FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
CREATE TRIGGER event_note_correction AFTER INSERT ON origin.event FOR EACH ROW WHEN ((new.corrects_id IS NOT NULL)) EXECUTE FUNCTION origin.note_correction();
create table origin.forbidden_name (
  name text not null,
  input_code text not null,
  source text not null
);
alter table origin.forbidden_name add constraint forbidden_name_input_fk FOREIGN KEY (input_code) REFERENCES origin.input(code);
alter table origin.forbidden_name add constraint forbidden_name_pk PRIMARY KEY (name);
CREATE INDEX forbidden_name_input ON origin.forbidden_name USING btree (input_code);
create table origin.input (
  code text not null,
  name text not null,
  kind text not null,
  active_ingredient text default ''::text not null,
  input_group text default ''::text not null,
  target text default ''::text not null,
  crops text default ''::text not null,
  dose_unit text default ''::text not null,
  interval_days_default integer,
  forbidden boolean not null,
  rule text default ''::text not null,
  source text default ''::text not null
);
alter table origin.input add constraint input_kind CHECK ((kind = ANY (ARRAY['pesticide'::text, 'fertiliser'::text])));
alter table origin.input add constraint input_pk PRIMARY KEY (code);
create table origin.inspection (
  number text not null,
  producer_id bigint not null,
  growing_area_id uuid,
  lot_id bigint,
  done_on date not null,
  conclusion text not null,
  finding text not null,
  sample_what text not null,
  sample_laboratory text,
  sample_result text,
  sample_exceeds boolean,
  published_at timestamp with time zone not null,
  points_seen integer default 0 not null,
  points_met integer default 0 not null,
  follow_up_on date,
  picture_ids uuid[] default '{}'::uuid[] not null
);
alter table origin.inspection add constraint inspection_conclusion CHECK ((conclusion = ANY (ARRAY['clear'::text, 'mend'::text, 'grave'::text])));
alter table origin.inspection add constraint inspection_growing_area_fk FOREIGN KEY (growing_area_id) REFERENCES producers.growing_area(id);
alter table origin.inspection add constraint inspection_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.inspection add constraint inspection_pk PRIMARY KEY (number);
alter table origin.inspection add constraint inspection_points CHECK (((points_met >= 0) AND (points_met <= points_seen)));
alter table origin.inspection add constraint inspection_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
CREATE INDEX inspection_producer ON origin.inspection USING btree (producer_id, done_on DESC);
create table origin.item (
  id bigint generated always as identity not null,
  code text not null,
  series_id bigint not null,
  place integer not null,
  lot_id bigint not null,
  producer_id bigint not null,
  scans bigint default 0 not null,
  first_scanned_at timestamp with time zone,
  last_scanned_at timestamp with time zone,
  voided_at timestamp with time zone,
  voided_as text,
  voided_by bigint,
  void_reason text
);
alter table origin.item add constraint item_code_format CHECK ((code ~ '^[0-9A-HJKMNP-TV-Z]{14}$'::text));
alter table origin.item add constraint item_code_key UNIQUE (code);
alter table origin.item add constraint item_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.item add constraint item_pk PRIMARY KEY (id);
alter table origin.item add constraint item_place CHECK (((place >= 1) AND (place <= 10000)));
alter table origin.item add constraint item_place_key UNIQUE (series_id, place);
alter table origin.item add constraint item_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table origin.item add constraint item_series_fk FOREIGN KEY (series_id) REFERENCES origin.item_series(id);
alter table origin.item add constraint item_void_reason_length CHECK (((char_length(void_reason) >= 5) AND (char_length(void_reason) <= 500)));
alter table origin.item add constraint item_voided CHECK ((num_nonnulls(voided_at, voided_as, void_reason) = ANY (ARRAY[0, 3])));
alter table origin.item add constraint item_voided_as CHECK ((voided_as = ANY (ARRAY['seller'::text, 'officer'::text])));
alter table origin.item add constraint item_voider_fk FOREIGN KEY (voided_by) REFERENCES accounts.person(id);
CREATE INDEX item_scanned_of_series ON origin.item USING btree (series_id) WHERE (first_scanned_at IS NOT NULL);
CREATE INDEX item_voided_of_series ON origin.item USING btree (series_id, place) WHERE (voided_at IS NOT NULL);
create table origin.item_series (
  id bigint generated always as identity not null,
  key uuid not null,
  lot_id bigint not null,
  producer_id bigint not null,
  items integer not null,
  net_weight_g bigint,
  note text default ''::text not null,
  made_at timestamp with time zone,
  created_at timestamp with time zone not null,
  created_by bigint
);
alter table origin.item_series add constraint item_series_creator_fk FOREIGN KEY (created_by) REFERENCES accounts.person(id);
alter table origin.item_series add constraint item_series_items CHECK (((items >= 1) AND (items <= 10000)));
alter table origin.item_series add constraint item_series_key_key UNIQUE (key);
alter table origin.item_series add constraint item_series_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.item_series add constraint item_series_net_weight CHECK ((net_weight_g > 0));
alter table origin.item_series add constraint item_series_note_length CHECK ((char_length(note) <= 120));
alter table origin.item_series add constraint item_series_pk PRIMARY KEY (id);
alter table origin.item_series add constraint item_series_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
CREATE INDEX item_series_lot ON origin.item_series USING btree (lot_id, id DESC);
create table origin.lab_report (
  id uuid not null,
  lot_id bigint not null,
  laboratory text not null,
  number text not null,
  issued_on date not null,
  tested text not null,
  result text not null,
  exceeds boolean not null,
  picture_ids uuid[] not null,
  withdrawn_at timestamp with time zone,
  withdraw_reason text
);
alter table origin.lab_report add constraint lab_report_event_fk FOREIGN KEY (id) REFERENCES origin.event(id);
alter table origin.lab_report add constraint lab_report_laboratory_length CHECK (((char_length(laboratory) >= 2) AND (char_length(laboratory) <= 160)));
alter table origin.lab_report add constraint lab_report_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.lab_report add constraint lab_report_number_length CHECK (((char_length(number) >= 1) AND (char_length(number) <= 80)));
alter table origin.lab_report add constraint lab_report_photographed CHECK (((cardinality(picture_ids) >= 1) AND (cardinality(picture_ids) <= 8)));
alter table origin.lab_report add constraint lab_report_pk PRIMARY KEY (id);
alter table origin.lab_report add constraint lab_report_result_length CHECK (((char_length(result) >= 2) AND (char_length(result) <= 500)));
alter table origin.lab_report add constraint lab_report_tested_length CHECK (((char_length(tested) >= 2) AND (char_length(tested) <= 200)));
alter table origin.lab_report add constraint lab_report_withdraw_reason_length CHECK (((char_length(withdraw_reason) >= 5) AND (char_length(withdraw_reason) <= 300)));
alter table origin.lab_report add constraint lab_report_withdrawn CHECK (((withdrawn_at IS NULL) = (withdraw_reason IS NULL)));
CREATE UNIQUE INDEX lab_report_once ON origin.lab_report USING btree (lot_id, laboratory, number) WHERE (withdrawn_at IS NULL);
create table origin.lot (
  id bigint generated always as identity not null,
  code text not null,
  producer_id bigint not null,
  product_id bigint not null,
  growing_area_id uuid,
  growing_area_code text,
  growing_area_status text,
  commune_code text not null,
  harvested_on date,
  harvest_until date,
  packed_on date,
  best_before date,
  base_unit text not null,
  quantity_base bigint not null,
  created_at timestamp with time zone not null,
  created_by bigint,
  used_base bigint default 0 not null,
  shelved_base bigint default 0 not null,
  sold_out_at timestamp with time zone,
  taken_back_at timestamp with time zone,
  opened_standing boolean default false not null,
  planned_on date,
  diary_closed_at timestamp with time zone,
  harvested_g bigint
);
alter table origin.lot add constraint lot_base_unit CHECK ((base_unit = ANY (ARRAY['g'::text, 'piece'::text])));
alter table origin.lot add constraint lot_best_before_order CHECK (((best_before IS NULL) OR (harvested_on IS NULL) OR (best_before >= harvested_on)));
alter table origin.lot add constraint lot_code_format CHECK ((code ~ '^[A-Z0-9-]{1,20}$'::text));
alter table origin.lot add constraint lot_code_key UNIQUE (code);
alter table origin.lot add constraint lot_commune_fk FOREIGN KEY (commune_code) REFERENCES foundation.commune(code);
alter table origin.lot add constraint lot_creator_fk FOREIGN KEY (created_by) REFERENCES accounts.person(id);
alter table origin.lot add constraint lot_growing_area_fk FOREIGN KEY (growing_area_id) REFERENCES producers.growing_area(id);
alter table origin.lot add constraint lot_harvest_order CHECK (((harvest_until IS NULL) OR (harvest_until >= harvested_on)));
alter table origin.lot add constraint lot_not_overdrawn CHECK (((used_base + shelved_base) <= quantity_base));
alter table origin.lot add constraint lot_pk PRIMARY KEY (id);
alter table origin.lot add constraint lot_planned CHECK (((planned_on IS NULL) OR opened_standing));
alter table origin.lot add constraint lot_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table origin.lot add constraint lot_product_fk FOREIGN KEY (product_id) REFERENCES producers.product(id);
alter table origin.lot add constraint lot_quantity CHECK ((quantity_base > 0));
alter table origin.lot add constraint lot_shelved CHECK ((shelved_base >= 0));
alter table origin.lot add constraint lot_taken_back CHECK (((taken_back_at IS NULL) OR ((used_base = 0) AND (shelved_base = 0))));
alter table origin.lot add constraint lot_used CHECK ((used_base >= 0));
CREATE INDEX lot_growing_area ON origin.lot USING btree (growing_area_id) WHERE (growing_area_id IS NOT NULL);
CREATE INDEX lot_over_diary ON origin.lot USING btree (id DESC) WHERE ((base_unit = 'g'::text) AND (quantity_base > harvested_g));
CREATE INDEX lot_producer ON origin.lot USING btree (producer_id, id DESC);
CREATE INDEX lot_product ON origin.lot USING btree (product_id, id);
create table origin.lot_block (
  id bigint generated always as identity not null,
  lot_id bigint not null,
  cause text not null,
  event_id uuid,
  recall_id bigint,
  note text not null,
  blocked_at timestamp with time zone not null,
  lifted_at timestamp with time zone,
  lifted_by bigint,
  lift_reason text,
  asked_at timestamp with time zone,
  ask_note text default ''::text not null,
  note_args text[],
  made_from text default ''::text not null,
  awaits_photo boolean default false not null
);
alter table origin.lot_block add constraint lot_block_ask CHECK (((asked_at IS NOT NULL) OR (ask_note = ''::text)));
alter table origin.lot_block add constraint lot_block_ask_note_length CHECK ((char_length(ask_note) <= 500));
alter table origin.lot_block add constraint lot_block_cause CHECK ((cause = ANY (ARRAY['interval'::text, 'recall'::text, 'officer'::text, 'test'::text])));
alter table origin.lot_block add constraint lot_block_event_fk FOREIGN KEY (event_id) REFERENCES origin.event(id);
alter table origin.lot_block add constraint lot_block_lift CHECK (((lifted_at IS NULL) = (lift_reason IS NULL)));
alter table origin.lot_block add constraint lot_block_lifter_fk FOREIGN KEY (lifted_by) REFERENCES accounts.person(id);
alter table origin.lot_block add constraint lot_block_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.lot_block add constraint lot_block_pk PRIMARY KEY (id);
alter table origin.lot_block add constraint lot_block_recall_fk FOREIGN KEY (recall_id) REFERENCES origin.recall(id);
CREATE INDEX lot_block_event ON origin.lot_block USING btree (event_id) WHERE (event_id IS NOT NULL);
CREATE UNIQUE INDEX lot_block_once ON origin.lot_block USING btree (lot_id, cause, COALESCE(event_id, '00000000-0000-0000-0000-000000000000'::uuid), COALESCE(recall_id, (0)::bigint)) WHERE (lifted_at IS NULL);
CREATE INDEX lot_block_open ON origin.lot_block USING btree (lot_id) WHERE (lifted_at IS NULL);
create table origin.lot_input (
  step_id uuid not null,
  lot_id bigint not null,
  quantity_base bigint not null
);
alter table origin.lot_input add constraint lot_input_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.lot_input add constraint lot_input_pk PRIMARY KEY (step_id, lot_id);
alter table origin.lot_input add constraint lot_input_quantity CHECK ((quantity_base > 0));
alter table origin.lot_input add constraint lot_input_step_fk FOREIGN KEY (step_id) REFERENCES origin.lot_step(id);
CREATE INDEX lot_input_lot ON origin.lot_input USING btree (lot_id, step_id);
CREATE TRIGGER lot_input_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON origin.lot_input FOR EACH STATEMENT WHEN ((current_setting('origin.voiding'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION foundation.refuse_change();
create table origin.lot_offer (
  lot_id bigint not null,
  listing_slug text not null,
  price_vnd bigint not null,
  unit_label text not null,
  available_units bigint not null
);
alter table origin.lot_offer add constraint lot_offer_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.lot_offer add constraint lot_offer_pk PRIMARY KEY (lot_id);
create table origin.lot_output (
  step_id uuid not null,
  lot_id bigint not null,
  quantity_base bigint not null
);
alter table origin.lot_output add constraint lot_output_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.lot_output add constraint lot_output_pk PRIMARY KEY (step_id, lot_id);
alter table origin.lot_output add constraint lot_output_quantity CHECK ((quantity_base > 0));
alter table origin.lot_output add constraint lot_output_step_fk FOREIGN KEY (step_id) REFERENCES origin.lot_step(id);
CREATE INDEX lot_output_lot ON origin.lot_output USING btree (lot_id, step_id);
CREATE TRIGGER lot_output_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON origin.lot_output FOR EACH STATEMENT WHEN ((current_setting('origin.voiding'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION foundation.refuse_change();
create table origin.lot_step (
  id uuid not null,
  producer_id bigint not null,
  kind text not null,
  done_on date not null,
  note text default ''::text not null,
  flagged boolean not null,
  recorded_at timestamp with time zone not null
);
alter table origin.lot_step add constraint lot_step_event_fk FOREIGN KEY (id) REFERENCES origin.event(id);
alter table origin.lot_step add constraint lot_step_kind CHECK ((kind = ANY (ARRAY['split'::text, 'merge'::text, 'drying'::text, 'roasting'::text, 'processing'::text, 'packing'::text, 'aggregation'::text])));
alter table origin.lot_step add constraint lot_step_note_length CHECK ((char_length(note) <= 500));
alter table origin.lot_step add constraint lot_step_pk PRIMARY KEY (id);
alter table origin.lot_step add constraint lot_step_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
CREATE INDEX lot_step_flagged ON origin.lot_step USING btree (recorded_at DESC, id) WHERE flagged;
CREATE TRIGGER lot_step_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON origin.lot_step FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
create table origin.problem_report (
  id bigint generated always as identity not null,
  code text not null,
  note text default ''::text not null,
  contact text default ''::text not null,
  reported_at timestamp with time zone not null,
  handled_at timestamp with time zone,
  handled_by bigint,
  subject text not null,
  matter text not null,
  repeat_mark bytea
);
alter table origin.problem_report add constraint problem_report_contact_length CHECK ((char_length(contact) <= 120));
alter table origin.problem_report add constraint problem_report_handler_fk FOREIGN KEY (handled_by) REFERENCES accounts.person(id);
alter table origin.problem_report add constraint problem_report_matter CHECK ((matter = ANY (ARRAY['unknown'::text, 'differs'::text, 'quality'::text, 'copied'::text, 'wrong'::text, 'other'::text])));
alter table origin.problem_report add constraint problem_report_note_length CHECK ((char_length(note) <= 1000));
alter table origin.problem_report add constraint problem_report_pk PRIMARY KEY (id);
alter table origin.problem_report add constraint problem_report_repeat UNIQUE (repeat_mark);
alter table origin.problem_report add constraint problem_report_subject CHECK ((subject = ANY (ARRAY['label'::text, 'lot'::text, 'listing'::text])));
CREATE INDEX problem_report_code ON origin.problem_report USING btree (code, reported_at);
create table origin.recall (
  id bigint generated always as identity not null,
  number text not null,
  reason text not null,
  advice text default ''::text not null,
  opened_at timestamp with time zone not null,
  opened_by bigint,
  closed_at timestamp with time zone,
  closed_by bigint,
  closing_note text,
  opened_as text default 'officer'::text not null,
  recovered_g bigint,
  destroyed_g bigint,
  recovered_pieces bigint,
  destroyed_pieces bigint,
  key uuid
);
alter table origin.recall add constraint recall_closer_fk FOREIGN KEY (closed_by) REFERENCES accounts.person(id);
alter table origin.recall add constraint recall_destroyed_g CHECK (((destroyed_g >= 0) AND (destroyed_g <= recovered_g)));
alter table origin.recall add constraint recall_destroyed_pieces CHECK (((destroyed_pieces >= 0) AND (destroyed_pieces <= recovered_pieces)));
alter table origin.recall add constraint recall_key UNIQUE (key);
alter table origin.recall add constraint recall_number_key UNIQUE (number);
alter table origin.recall add constraint recall_opened_as CHECK ((opened_as = ANY (ARRAY['officer'::text, 'seller'::text, 'rule'::text])));
alter table origin.recall add constraint recall_opener_fk FOREIGN KEY (opened_by) REFERENCES accounts.person(id);
alter table origin.recall add constraint recall_pk PRIMARY KEY (id);
alter table origin.recall add constraint recall_reason_length CHECK (((char_length(reason) >= 10) AND (char_length(reason) <= 2000)));
alter table origin.recall add constraint recall_recovered_g CHECK ((recovered_g >= 0));
alter table origin.recall add constraint recall_recovered_pieces CHECK ((recovered_pieces >= 0));
create table origin.recall_lot (
  recall_id bigint not null,
  lot_id bigint not null,
  named boolean default true not null
);
alter table origin.recall_lot add constraint recall_lot_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.recall_lot add constraint recall_lot_pk PRIMARY KEY (recall_id, lot_id);
alter table origin.recall_lot add constraint recall_lot_recall_fk FOREIGN KEY (recall_id) REFERENCES origin.recall(id);
CREATE INDEX recall_lot_lot ON origin.recall_lot USING btree (lot_id);
create table origin.scan (
  item_id bigint not null,
  lot_id bigint not null,
  producer_id bigint not null,
  at timestamp with time zone not null,
  province_code text
) partition by RANGE (at);
alter table origin.scan add constraint scan_item_fk FOREIGN KEY (item_id) REFERENCES origin.item(id);
alter table origin.scan add constraint scan_province_fk FOREIGN KEY (province_code) REFERENCES foundation.province(code);
CREATE INDEX scan_item ON ONLY origin.scan USING btree (item_id, at DESC);
create table origin.scan_alert (
  id bigint generated always as identity not null,
  item_id bigint not null,
  lot_id bigint not null,
  producer_id bigint not null,
  rule text not null,
  figure integer default 0 not null,
  found_at timestamp with time zone not null,
  handled_at timestamp with time zone,
  handled_by bigint
);
alter table origin.scan_alert add constraint scan_alert_handler_fk FOREIGN KEY (handled_by) REFERENCES accounts.person(id);
alter table origin.scan_alert add constraint scan_alert_item_fk FOREIGN KEY (item_id) REFERENCES origin.item(id);
alter table origin.scan_alert add constraint scan_alert_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.scan_alert add constraint scan_alert_once UNIQUE (item_id, rule);
alter table origin.scan_alert add constraint scan_alert_pk PRIMARY KEY (id);
alter table origin.scan_alert add constraint scan_alert_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table origin.scan_alert add constraint scan_alert_rule CHECK ((rule = ANY (ARRAY['many'::text, 'far'::text, 'sold_out'::text, 'recalled'::text, 'expired'::text, 'voided'::text])));
CREATE INDEX scan_alert_open ON origin.scan_alert USING btree (id DESC) WHERE (handled_at IS NULL);
CREATE INDEX scan_alert_producer ON origin.scan_alert USING btree (producer_id, id DESC);
create table origin.scan_day (
  lot_id bigint not null,
  producer_id bigint not null,
  day date not null,
  scans bigint not null,
  item_scans bigint default 0 not null,
  first_items bigint default 0 not null
) partition by RANGE (day);
alter table origin.scan_day add constraint scan_day_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.scan_day add constraint scan_day_pk PRIMARY KEY (lot_id, day);
alter table origin.scan_day add constraint scan_day_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
CREATE INDEX scan_day_producer ON ONLY origin.scan_day USING btree (producer_id, day);
create table origin.scan_rule (
  name text not null,
  value integer not null,
  changed_at timestamp with time zone default now() not null
);
alter table origin.scan_rule add constraint scan_rule_pk PRIMARY KEY (name);
alter table origin.scan_rule add constraint scan_rule_value CHECK (((value >= 0) AND (value <= 10000)));
create table origin.scan_total (
  lot_id bigint not null,
  scans bigint not null,
  item_scans bigint default 0 not null,
  first_at timestamp with time zone not null
);
alter table origin.scan_total add constraint scan_total_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.scan_total add constraint scan_total_pk PRIMARY KEY (lot_id);
create table origin.unknown_scan (
  code text not null,
  gtin text,
  producer_id bigint,
  scans bigint not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null
);
alter table origin.unknown_scan add constraint unknown_scan_code_format CHECK ((code ~ '^[0-9A-Z-]{8,40}$'::text));
alter table origin.unknown_scan add constraint unknown_scan_pk PRIMARY KEY (code);
alter table origin.unknown_scan add constraint unknown_scan_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
CREATE INDEX unknown_scan_last ON origin.unknown_scan USING btree (last_at DESC, code);
CREATE INDEX unknown_scan_producer ON origin.unknown_scan USING btree (producer_id, last_at DESC) WHERE (producer_id IS NOT NULL);
create table origin.voided_step (
  step_id uuid not null,
  lot_id bigint not null,
  declared_id uuid not null,
  made boolean not null,
  quantity_base bigint not null
);
alter table origin.voided_step add constraint voided_step_declared_fk FOREIGN KEY (declared_id) REFERENCES origin.event(id);
alter table origin.voided_step add constraint voided_step_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table origin.voided_step add constraint voided_step_pk PRIMARY KEY (step_id, lot_id, made);
alter table origin.voided_step add constraint voided_step_step_fk FOREIGN KEY (step_id) REFERENCES origin.lot_step(id);
CREATE INDEX voided_step_lot ON origin.voided_step USING btree (lot_id);
CREATE TRIGGER voided_step_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON origin.voided_step FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
-- view origin.product_crop (product_id bigint, work text): its select stands in the scripts

-- payments
CREATE OR REPLACE FUNCTION payments.books_open_from()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
RETURN COALESCE((SELECT (((max(ledger_closed.day) + 1))::timestamp without time zone AT TIME ZONE 'Asia/Ho_Chi_Minh'::text) AS timezone FROM payments.ledger_closed), '-infinity'::timestamp with time zone);
CREATE OR REPLACE FUNCTION payments.check_balance()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (select coalesce(sum(amount_vnd), 0) from payments.ledger_line where posting_id = new.posting_id) <> 0 then
    raise exception 'posting % does not balance', new.posting_id using errcode = 'check_violation', constraint = 'ledger_line_balance';
  end if;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION payments.check_posting()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.posted_at < payments.books_open_from() then
    raise exception 'the books of % are closed', new.posted_at using errcode = 'check_violation', constraint = 'posting_open_day';
  end if;
  if (select count(*) from payments.ledger_line where posting_id = new.id) < 2 then
    raise exception 'posting % has no two sides', new.id using errcode = 'check_violation', constraint = 'posting_two_sides';
  end if;
  return null;
end $function$;
create table payments.attempt (
  id bigint generated always as identity not null,
  payment_id bigint not null,
  terminal_id bigint,
  txn_ref text not null,
  amount_vnd bigint not null,
  create_date text,
  started_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  status text not null,
  response_code text,
  transaction_status text,
  transaction_no text,
  bank_code text,
  pay_date text,
  queries integer default 0 not null,
  next_query_at timestamp with time zone,
  settled_at timestamp with time zone,
  method text not null
);
alter table payments.attempt add constraint attempt_amount CHECK ((amount_vnd > 0));
alter table payments.attempt add constraint attempt_create_date_format CHECK ((create_date ~ '^\d{14}$'::text));
alter table payments.attempt add constraint attempt_method_fk FOREIGN KEY (method) REFERENCES payments.method(code);
alter table payments.attempt add constraint attempt_payment_fk FOREIGN KEY (payment_id) REFERENCES payments.payment(id);
alter table payments.attempt add constraint attempt_pk PRIMARY KEY (id);
alter table payments.attempt add constraint attempt_status CHECK ((status = ANY (ARRAY['initiated'::text, 'paid'::text, 'failed'::text, 'expired'::text, 'paid_late'::text, 'review'::text])));
alter table payments.attempt add constraint attempt_terminal_fk FOREIGN KEY (terminal_id) REFERENCES payments.terminal(id);
alter table payments.attempt add constraint attempt_txn_ref_format CHECK ((txn_ref ~ '^[A-Za-z0-9]{1,100}$'::text));
alter table payments.attempt add constraint attempt_txn_ref_key UNIQUE (terminal_id, txn_ref);
alter table payments.attempt add constraint attempt_vnpay CHECK (((method <> 'vnpay'::text) OR ((terminal_id IS NOT NULL) AND (create_date IS NOT NULL))));
CREATE INDEX attempt_in_review ON payments.attempt USING btree (id DESC) WHERE (status = 'review'::text);
CREATE INDEX attempt_payment ON payments.attempt USING btree (payment_id);
CREATE UNIQUE INDEX attempt_reference ON payments.attempt USING btree (method, txn_ref) WHERE (terminal_id IS NULL);
CREATE INDEX attempt_settled ON payments.attempt USING btree (settled_at) WHERE (status = ANY (ARRAY['paid'::text, 'paid_late'::text]));
CREATE INDEX attempt_silent ON payments.attempt USING btree (next_query_at) WHERE (status = 'initiated'::text);
create table payments.bank_credit (
  id bigint generated always as identity not null,
  producer_id bigint not null,
  fingerprint bytea not null,
  source text not null,
  booked_on date not null,
  amount_vnd bigint not null,
  reference text default ''::text not null,
  words text default ''::text not null,
  payment_id bigint,
  status text not null,
  note text default ''::text not null,
  added_at timestamp with time zone not null,
  added_by bigint,
  settled_at timestamp with time zone
);
alter table payments.bank_credit add constraint bank_credit_amount CHECK ((amount_vnd > 0));
alter table payments.bank_credit add constraint bank_credit_forgets CHECK (((status = 'open'::text) OR (words = ''::text)));
alter table payments.bank_credit add constraint bank_credit_note_length CHECK ((length(note) <= 300));
alter table payments.bank_credit add constraint bank_credit_once UNIQUE (producer_id, fingerprint);
alter table payments.bank_credit add constraint bank_credit_payment_fk FOREIGN KEY (payment_id) REFERENCES payments.payment(id);
alter table payments.bank_credit add constraint bank_credit_person_fk FOREIGN KEY (added_by) REFERENCES accounts.person(id);
alter table payments.bank_credit add constraint bank_credit_pk PRIMARY KEY (id);
alter table payments.bank_credit add constraint bank_credit_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table payments.bank_credit add constraint bank_credit_reference_length CHECK ((length(reference) <= 100));
alter table payments.bank_credit add constraint bank_credit_settled CHECK (((status = 'open'::text) = (settled_at IS NULL)));
alter table payments.bank_credit add constraint bank_credit_source CHECK ((source = ANY (ARRAY['statement'::text, 'hand'::text])));
alter table payments.bank_credit add constraint bank_credit_status CHECK ((status = ANY (ARRAY['open'::text, 'matched'::text, 'set_aside'::text])));
alter table payments.bank_credit add constraint bank_credit_words_length CHECK ((length(words) <= 500));
CREATE INDEX bank_credit_open ON payments.bank_credit USING btree (producer_id, id DESC) WHERE (status = 'open'::text);
CREATE INDEX bank_credit_payment ON payments.bank_credit USING btree (payment_id);
create table payments.charge_rule (
  code text not null,
  kind text not null,
  name text not null,
  producer_kinds text[] not null,
  rate_bp integer not null,
  free_yearly_vnd bigint default 0 not null,
  valid_from date not null,
  valid_until date,
  source text not null,
  source_url text default ''::text not null,
  note text default ''::text not null,
  proposed_at timestamp with time zone not null,
  adopted_at timestamp with time zone,
  adopted_by bigint
);
alter table payments.charge_rule add constraint charge_rule_adopter_fk FOREIGN KEY (adopted_by) REFERENCES accounts.person(id);
alter table payments.charge_rule add constraint charge_rule_code_format CHECK ((code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text));
alter table payments.charge_rule add constraint charge_rule_free CHECK ((free_yearly_vnd >= 0));
alter table payments.charge_rule add constraint charge_rule_kind CHECK ((kind = ANY (ARRAY['fee'::text, 'tax'::text])));
alter table payments.charge_rule add constraint charge_rule_name CHECK (((char_length(name) >= 3) AND (char_length(name) <= 120)));
alter table payments.charge_rule add constraint charge_rule_pk PRIMARY KEY (code);
alter table payments.charge_rule add constraint charge_rule_producer_kinds CHECK ((cardinality(producer_kinds) > 0));
alter table payments.charge_rule add constraint charge_rule_rate CHECK (((rate_bp >= 0) AND (rate_bp <= 10000)));
alter table payments.charge_rule add constraint charge_rule_source CHECK (((char_length(source) >= 5) AND (char_length(source) <= 300)));
alter table payments.charge_rule add constraint charge_rule_valid CHECK (((valid_until IS NULL) OR (valid_until >= valid_from)));
create table payments.difference (
  id bigint generated always as identity not null,
  day date not null,
  kind text not null,
  tmn_code text not null,
  txn_ref text not null,
  transaction_no text not null,
  attempt_id bigint,
  theirs_vnd bigint,
  ours_vnd bigint,
  status text not null,
  note text default ''::text not null,
  opened_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  settled_by bigint
);
alter table payments.difference add constraint difference_attempt_fk FOREIGN KEY (attempt_id) REFERENCES payments.attempt(id);
alter table payments.difference add constraint difference_kind CHECK ((kind = ANY (ARRAY['unknown'::text, 'not_paid_here'::text, 'amount'::text, 'number'::text, 'not_there'::text, 'refund_unknown'::text, 'refund_state'::text, 'refund_not_there'::text])));
alter table payments.difference add constraint difference_note_length CHECK ((length(note) <= 300));
alter table payments.difference add constraint difference_once UNIQUE (kind, tmn_code, txn_ref, transaction_no);
alter table payments.difference add constraint difference_person_fk FOREIGN KEY (settled_by) REFERENCES accounts.person(id);
alter table payments.difference add constraint difference_pk PRIMARY KEY (id);
alter table payments.difference add constraint difference_settled CHECK (((status = 'settled'::text) = (settled_at IS NOT NULL)));
alter table payments.difference add constraint difference_status CHECK ((status = ANY (ARRAY['open'::text, 'settled'::text])));
CREATE INDEX difference_by_status ON payments.difference USING btree (status, id DESC);
create table payments.ledger_closed (
  day date not null,
  closed_at timestamp with time zone not null
);
alter table payments.ledger_closed add constraint ledger_closed_pk PRIMARY KEY (day);
CREATE TRIGGER ledger_closed_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.ledger_closed FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
create table payments.ledger_day (
  producer_id bigint not null,
  account text not null,
  day date not null,
  debit_vnd bigint not null,
  credit_vnd bigint not null,
  lines bigint not null
);
alter table payments.ledger_day add constraint ledger_day_credit CHECK ((credit_vnd >= 0));
alter table payments.ledger_day add constraint ledger_day_debit CHECK ((debit_vnd >= 0));
alter table payments.ledger_day add constraint ledger_day_lines CHECK ((lines > 0));
alter table payments.ledger_day add constraint ledger_day_pk PRIMARY KEY (producer_id, account, day);
alter table payments.ledger_day add constraint ledger_day_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
CREATE TRIGGER ledger_day_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.ledger_day FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
create table payments.ledger_line (
  posting_id bigint not null,
  line integer not null,
  account text not null,
  producer_id bigint not null,
  amount_vnd bigint not null,
  posted_at timestamp with time zone not null
);
alter table payments.ledger_line add constraint ledger_line_amount CHECK ((amount_vnd <> 0));
alter table payments.ledger_line add constraint ledger_line_pk PRIMARY KEY (posting_id, line);
alter table payments.ledger_line add constraint ledger_line_posting_fk FOREIGN KEY (posting_id, posted_at) REFERENCES payments.posting(id, posted_at);
alter table payments.ledger_line add constraint ledger_line_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
CREATE INDEX ledger_line_account ON payments.ledger_line USING btree (producer_id, account, posted_at, posting_id, line);
CREATE INDEX ledger_line_time ON payments.ledger_line USING brin (posted_at);
CREATE TRIGGER ledger_line_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.ledger_line FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
CREATE CONSTRAINT TRIGGER ledger_line_balance AFTER INSERT ON payments.ledger_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments.check_balance();
create table payments.method (
  code text not null,
  kind text not null
);
alter table payments.method add constraint method_code_format CHECK ((code ~ '^[a-z][a-z0-9-]{1,19}$'::text));
alter table payments.method add constraint method_kind CHECK ((kind = ANY (ARRAY['gateway'::text, 'transfer'::text, 'cash'::text])));
alter table payments.method add constraint method_pk PRIMARY KEY (code);
create table payments.notification (
  id bigint generated always as identity not null,
  received_at timestamp with time zone not null,
  channel text not null,
  verdict text not null,
  rsp_code text,
  terminal_id bigint,
  txn_ref text,
  payload text not null,
  source inet
);
alter table payments.notification add constraint notification_channel CHECK ((channel = ANY (ARRAY['ipn'::text, 'return'::text, 'querydr'::text, 'refund'::text, 'portal'::text])));
alter table payments.notification add constraint notification_pk PRIMARY KEY (id);
alter table payments.notification add constraint notification_terminal_fk FOREIGN KEY (terminal_id) REFERENCES payments.terminal(id);
CREATE INDEX notification_refused ON payments.notification USING btree (received_at) WHERE ((channel = 'ipn'::text) AND (verdict = ANY (ARRAY['amount-differs'::text, 'invalid-signature'::text])));
CREATE INDEX notification_txn_ref ON payments.notification USING btree (txn_ref);
CREATE TRIGGER notification_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.notification FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
create table payments.payee_method (
  producer_id bigint not null,
  method text not null,
  active boolean not null,
  settings jsonb default '{}'::jsonb not null,
  changed_at timestamp with time zone not null
);
alter table payments.payee_method add constraint payee_method_method_fk FOREIGN KEY (method) REFERENCES payments.method(code);
alter table payments.payee_method add constraint payee_method_pk PRIMARY KEY (producer_id, method);
alter table payments.payee_method add constraint payee_method_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table payments.payee_method add constraint payee_method_transfer CHECK (((method <> 'transfer'::text) OR (COALESCE(((settings ->> 'BankBin'::text) ~ '^\d{6}$'::text), false) AND COALESCE(((settings ->> 'Account'::text) ~ '^[A-Z0-9]{1,19}$'::text), false) AND COALESCE(((length((settings ->> 'Holder'::text)) >= 1) AND (length((settings ->> 'Holder'::text)) <= 100)), false))));
create table payments.payment (
  id bigint generated always as identity not null,
  code text not null,
  payable text not null,
  producer_id bigint not null,
  terminal_id bigint,
  method text not null,
  amount_vnd bigint not null,
  description text not null,
  status text not null,
  hold_until timestamp with time zone,
  created_at timestamp with time zone not null,
  paid_at timestamp with time zone
);
alter table payments.payment add constraint payment_amount CHECK ((amount_vnd > 0));
alter table payments.payment add constraint payment_code_key UNIQUE (code);
alter table payments.payment add constraint payment_method_fk FOREIGN KEY (method) REFERENCES payments.method(code);
alter table payments.payment add constraint payment_paid_at CHECK (((status = ANY (ARRAY['paid'::text, 'paid_late'::text])) = (paid_at IS NOT NULL)));
alter table payments.payment add constraint payment_payable_key UNIQUE (payable);
alter table payments.payment add constraint payment_payee_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table payments.payment add constraint payment_pk PRIMARY KEY (id);
alter table payments.payment add constraint payment_status CHECK ((status = ANY (ARRAY['pending'::text, 'paid'::text, 'paid_late'::text, 'failed'::text, 'expired'::text, 'review'::text, 'cancelled'::text])));
alter table payments.payment add constraint payment_terminal_fk FOREIGN KEY (terminal_id) REFERENCES payments.terminal(id);
alter table payments.payment add constraint payment_vnpay_terminal CHECK (((method <> 'vnpay'::text) OR (terminal_id IS NOT NULL)));
CREATE INDEX payment_in_review ON payments.payment USING btree (id DESC) WHERE (status = 'review'::text);
CREATE INDEX payment_open ON payments.payment USING btree (hold_until) WHERE ((status = 'pending'::text) AND (hold_until IS NOT NULL));
CREATE INDEX payment_payee ON payments.payment USING btree (producer_id, id DESC);
create table payments.posting (
  id bigint generated always as identity not null,
  key text not null,
  kind text not null,
  payment_id bigint,
  posted_at timestamp with time zone not null,
  note text default ''::text not null,
  rule_code text
);
alter table payments.posting add constraint posting_key UNIQUE (key);
alter table payments.posting add constraint posting_payment_fk FOREIGN KEY (payment_id) REFERENCES payments.payment(id);
alter table payments.posting add constraint posting_pk PRIMARY KEY (id);
alter table payments.posting add constraint posting_rule_fk FOREIGN KEY (rule_code) REFERENCES payments.charge_rule(code);
alter table payments.posting add constraint posting_time_key UNIQUE (id, posted_at);
CREATE INDEX posting_payment ON payments.posting USING btree (payment_id);
CREATE TRIGGER posting_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.posting FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
CREATE CONSTRAINT TRIGGER posting_sound AFTER INSERT ON payments.posting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments.check_posting();
create table payments.provider_file (
  id bigint generated always as identity not null,
  day date not null,
  tmn_code text,
  sha256 bytea not null,
  line_count integer not null,
  read_at timestamp with time zone not null,
  read_by bigint
);
alter table payments.provider_file add constraint provider_file_person_fk FOREIGN KEY (read_by) REFERENCES accounts.person(id);
alter table payments.provider_file add constraint provider_file_pk PRIMARY KEY (id);
CREATE INDEX provider_file_day ON payments.provider_file USING btree (day DESC, id DESC);
create table payments.provider_line (
  file_id bigint not null,
  line integer not null,
  type text not null,
  tmn_code text not null,
  txn_ref text not null,
  transaction_no text not null,
  amount_vnd bigint not null,
  pay_date text not null,
  status text not null
);
alter table payments.provider_line add constraint provider_line_file_fk FOREIGN KEY (file_id) REFERENCES payments.provider_file(id);
alter table payments.provider_line add constraint provider_line_pk PRIMARY KEY (file_id, line);
alter table payments.provider_line add constraint provider_line_type CHECK ((type = ANY (ARRAY['01'::text, '02'::text, '03'::text])));
create table payments.refund (
  id bigint generated always as identity not null,
  code text not null,
  case_id bigint not null,
  attempt_id bigint,
  amount_vnd bigint not null,
  transaction_type text,
  request_id text,
  status text not null,
  requested_by bigint,
  approved_by bigint,
  four_eyes boolean not null,
  response_code text,
  transaction_no text,
  transaction_status text,
  requested_at timestamp with time zone not null,
  first_sent_at timestamp with time zone,
  sends integer default 0 not null,
  queries integer default 0 not null,
  next_at timestamp with time zone,
  ended_at timestamp with time zone,
  hand_reference text
);
alter table payments.refund add constraint refund_amount CHECK ((amount_vnd > 0));
alter table payments.refund add constraint refund_approved CHECK (((NOT four_eyes) OR (approved_by IS NOT NULL) OR (status = ANY (ARRAY['awaiting_approval'::text, 'withdrawn'::text]))));
alter table payments.refund add constraint refund_approver_fk FOREIGN KEY (approved_by) REFERENCES accounts.person(id);
alter table payments.refund add constraint refund_attempt_fk FOREIGN KEY (attempt_id) REFERENCES payments.attempt(id);
alter table payments.refund add constraint refund_case_fk FOREIGN KEY (case_id) REFERENCES payments.refund_case(id);
alter table payments.refund add constraint refund_code_key UNIQUE (code);
alter table payments.refund add constraint refund_ended CHECK (((status = ANY (ARRAY['done'::text, 'rejected'::text, 'refused'::text, 'withdrawn'::text])) = (ended_at IS NOT NULL)));
alter table payments.refund add constraint refund_hand_reference_length CHECK (((length(hand_reference) >= 1) AND (length(hand_reference) <= 100)));
alter table payments.refund add constraint refund_pk PRIMARY KEY (id);
alter table payments.refund add constraint refund_request_id_format CHECK ((request_id ~ '^[A-Za-z0-9]{1,32}$'::text));
alter table payments.refund add constraint refund_request_id_key UNIQUE (request_id);
alter table payments.refund add constraint refund_requester_fk FOREIGN KEY (requested_by) REFERENCES accounts.person(id);
alter table payments.refund add constraint refund_status CHECK ((status = ANY (ARRAY['awaiting_approval'::text, 'requested'::text, 'sending'::text, 'processing'::text, 'sent_to_bank'::text, 'done'::text, 'rejected'::text, 'refused'::text, 'withdrawn'::text, 'review'::text])));
alter table payments.refund add constraint refund_transaction_type CHECK ((transaction_type = ANY (ARRAY['02'::text, '03'::text])));
alter table payments.refund add constraint refund_two_people CHECK (((approved_by IS NULL) OR (approved_by IS DISTINCT FROM requested_by)));
alter table payments.refund add constraint refund_way CHECK (
CASE
    WHEN (hand_reference IS NULL) THEN (num_nulls(attempt_id, transaction_type, request_id) = 0)
    ELSE (num_nonnulls(attempt_id, transaction_type, request_id) = 0)
END);
CREATE INDEX refund_attempt ON payments.refund USING btree (attempt_id);
CREATE INDEX refund_by_status ON payments.refund USING btree (status, id DESC);
CREATE INDEX refund_due ON payments.refund USING btree (next_at) WHERE (status = ANY (ARRAY['requested'::text, 'sending'::text, 'processing'::text, 'sent_to_bank'::text]));
CREATE UNIQUE INDEX refund_live ON payments.refund USING btree (case_id) WHERE (status <> ALL (ARRAY['rejected'::text, 'refused'::text, 'withdrawn'::text]));
create table payments.refund_case (
  id bigint generated always as identity not null,
  payment_id bigint not null,
  cause text not null,
  amount_vnd bigint not null,
  status text not null,
  opened_at timestamp with time zone not null,
  key text not null,
  attempt_id bigint,
  note text default ''::text not null,
  closed_at timestamp with time zone
);
alter table payments.refund_case add constraint refund_case_amount CHECK ((amount_vnd > 0));
alter table payments.refund_case add constraint refund_case_attempt_fk FOREIGN KEY (attempt_id) REFERENCES payments.attempt(id);
alter table payments.refund_case add constraint refund_case_cause CHECK ((cause = ANY (ARRAY['paid_late'::text, 'second_success'::text, 'overpaid'::text, 'recall'::text, 'cancelled'::text, 'return'::text, 'complaint'::text, 'weight'::text, 'goodwill'::text])));
alter table payments.refund_case add constraint refund_case_key UNIQUE (key);
alter table payments.refund_case add constraint refund_case_note_length CHECK ((length(note) <= 300));
alter table payments.refund_case add constraint refund_case_payment_fk FOREIGN KEY (payment_id) REFERENCES payments.payment(id);
alter table payments.refund_case add constraint refund_case_pk PRIMARY KEY (id);
alter table payments.refund_case add constraint refund_case_status CHECK ((status = ANY (ARRAY['open'::text, 'done'::text])));
CREATE INDEX refund_case_open ON payments.refund_case USING btree (id) WHERE (status = 'open'::text);
CREATE INDEX refund_case_payment ON payments.refund_case USING btree (payment_id);
create table payments.refund_change (
  id bigint generated always as identity not null,
  refund_id bigint not null,
  from_status text,
  to_status text not null,
  at timestamp with time zone not null,
  person_id bigint,
  note text default ''::text not null
);
alter table payments.refund_change add constraint refund_change_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table payments.refund_change add constraint refund_change_pk PRIMARY KEY (id);
alter table payments.refund_change add constraint refund_change_refund_fk FOREIGN KEY (refund_id) REFERENCES payments.refund(id);
CREATE INDEX refund_change_refund ON payments.refund_change USING btree (refund_id, id);
CREATE TRIGGER refund_change_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.refund_change FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
create table payments.simulator (
  id integer not null,
  url text not null
);
alter table payments.simulator add constraint simulator_once CHECK ((id = 1));
alter table payments.simulator add constraint simulator_pk PRIMARY KEY (id);
create table payments.terminal (
  id bigint generated always as identity not null,
  producer_id bigint,
  tmn_code text not null,
  hash_secret text not null,
  active boolean default true not null,
  created_at timestamp with time zone not null,
  former_secret text,
  former_until timestamp with time zone
);
alter table payments.terminal add constraint terminal_former CHECK (((former_secret IS NULL) = (former_until IS NULL)));
alter table payments.terminal add constraint terminal_pk PRIMARY KEY (id);
alter table payments.terminal add constraint terminal_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table payments.terminal add constraint terminal_producer_key UNIQUE (producer_id);
alter table payments.terminal add constraint terminal_tmn_code_format CHECK ((tmn_code ~ '^[A-Z0-9]{8}$'::text));
alter table payments.terminal add constraint terminal_tmn_code_key UNIQUE (tmn_code);

-- producers
create table producers.api_key (
  id bigint generated always as identity not null,
  code text not null,
  key_hash bytea not null,
  producer_id bigint,
  label text not null,
  scopes text[] not null,
  per_minute integer not null,
  created_at timestamp with time zone not null,
  created_by bigint,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  used_at timestamp with time zone
);
alter table producers.api_key add constraint api_key_code_key UNIQUE (code);
alter table producers.api_key add constraint api_key_hash_key UNIQUE (key_hash);
alter table producers.api_key add constraint api_key_per_minute CHECK (((per_minute >= 1) AND (per_minute <= 6000)));
alter table producers.api_key add constraint api_key_person_fk FOREIGN KEY (created_by) REFERENCES accounts.person(id);
alter table producers.api_key add constraint api_key_pk PRIMARY KEY (id);
alter table producers.api_key add constraint api_key_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table producers.api_key add constraint api_key_scopes CHECK (((cardinality(scopes) > 0) AND (scopes <@ ARRAY['listings:read'::text, 'producers:read'::text, 'orders:read'::text, 'exports:run'::text, 'epcis:capture'::text, 'epcis:capture:any'::text, 'epcis:query'::text])));
alter table producers.api_key add constraint api_key_whose CHECK (
CASE
    WHEN (producer_id IS NULL) THEN (NOT (scopes && ARRAY['orders:read'::text, 'epcis:capture'::text]))
    ELSE (NOT (scopes && ARRAY['exports:run'::text, 'epcis:capture:any'::text]))
END);
CREATE INDEX api_key_producer ON producers.api_key USING btree (producer_id, id);
create table producers.api_minute (
  key_id bigint not null,
  minute bigint not null,
  requests integer not null
);
alter table producers.api_minute add constraint api_minute_key_fk FOREIGN KEY (key_id) REFERENCES producers.api_key(id) ON DELETE CASCADE;
alter table producers.api_minute add constraint api_minute_pk PRIMARY KEY (key_id);
create table producers.category (
  slug text not null,
  parent_slug text,
  ocop_group text not null,
  name text not null,
  name_en text not null,
  sort integer not null
);
alter table producers.category add constraint category_parent_fk FOREIGN KEY (parent_slug) REFERENCES producers.category(slug);
alter table producers.category add constraint category_pk PRIMARY KEY (slug);
create table producers.certificate (
  id uuid not null,
  producer_id bigint not null,
  kind_code text not null,
  number text not null,
  issuer text not null,
  scope text default ''::text not null,
  stars integer,
  issued_on date not null,
  valid_until date not null,
  file_id uuid,
  status text not null,
  submitted_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  decided_by bigint,
  reason text default ''::text not null,
  lookup_url text
);
alter table producers.certificate add constraint certificate_dates CHECK ((valid_until >= issued_on));
alter table producers.certificate add constraint certificate_decider_fk FOREIGN KEY (decided_by) REFERENCES accounts.person(id);
alter table producers.certificate add constraint certificate_file_fk FOREIGN KEY (file_id) REFERENCES files.stored_file(id);
alter table producers.certificate add constraint certificate_kind_fk FOREIGN KEY (kind_code) REFERENCES producers.certificate_kind(code);
alter table producers.certificate add constraint certificate_lookup_url CHECK (((lookup_url ~ '^https://[^\s<>"]+$'::text) AND (char_length(lookup_url) <= 300)));
alter table producers.certificate add constraint certificate_number_length CHECK (((char_length(number) >= 1) AND (char_length(number) <= 80)));
alter table producers.certificate add constraint certificate_number_once UNIQUE (producer_id, kind_code, number);
alter table producers.certificate add constraint certificate_pk PRIMARY KEY (id);
alter table producers.certificate add constraint certificate_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table producers.certificate add constraint certificate_stars CHECK (((stars >= 3) AND (stars <= 5)));
alter table producers.certificate add constraint certificate_status CHECK ((status = ANY (ARRAY['submitted'::text, 'verified'::text, 'rejected'::text, 'revoked'::text])));
create table producers.certificate_kind (
  code text not null,
  name text not null,
  name_en text not null,
  kind text not null,
  standard text default ''::text not null,
  issuer text default ''::text not null,
  validity_months integer
);
alter table producers.certificate_kind add constraint certificate_kind_pk PRIMARY KEY (code);
create table producers.growing_area (
  id uuid not null,
  producer_id bigint not null,
  name text not null,
  code text,
  commune_code text not null,
  area_m2 bigint,
  speciality_slug text,
  status text default 'active'::text not null,
  created_at timestamp with time zone not null,
  scheme text,
  markets text[] default '{}'::text[] not null,
  issued_on date,
  checked_at timestamp with time zone,
  own_place boolean default false not null
);
alter table producers.growing_area add constraint growing_area_code_format CHECK ((code ~ '^VN[-. ]?[A-Z0-9.\- ]{3,40}$'::text));
alter table producers.growing_area add constraint growing_area_code_key UNIQUE (code);
alter table producers.growing_area add constraint growing_area_commune_fk FOREIGN KEY (commune_code) REFERENCES foundation.commune(code);
alter table producers.growing_area add constraint growing_area_export_names_crop CHECK (((scheme IS DISTINCT FROM 'export'::text) OR (speciality_slug IS NOT NULL)));
alter table producers.growing_area add constraint growing_area_export_names_markets CHECK ((COALESCE((scheme = 'export'::text), false) = (cardinality(markets) > 0)));
alter table producers.growing_area add constraint growing_area_markets CHECK ((markets <@ ARRAY['CN'::text, 'US'::text, 'AU'::text, 'NZ'::text, 'KR'::text, 'JP'::text, 'EU'::text]));
alter table producers.growing_area add constraint growing_area_pk PRIMARY KEY (id);
alter table producers.growing_area add constraint growing_area_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table producers.growing_area add constraint growing_area_scheme CHECK ((scheme = ANY (ARRAY['domestic'::text, 'export'::text])));
alter table producers.growing_area add constraint growing_area_size CHECK ((area_m2 > 0));
alter table producers.growing_area add constraint growing_area_speciality_fk FOREIGN KEY (speciality_slug) REFERENCES producers.speciality(slug);
alter table producers.growing_area add constraint growing_area_status CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'revoked'::text])));
alter table producers.growing_area add constraint growing_area_terms_need_code CHECK (((code IS NOT NULL) OR ((scheme IS NULL) AND (cardinality(markets) = 0) AND (issued_on IS NULL) AND (checked_at IS NULL))));
CREATE INDEX growing_area_coded ON producers.growing_area USING btree (created_at, id) WHERE (code IS NOT NULL);
CREATE UNIQUE INDEX growing_area_own_place ON producers.growing_area USING btree (producer_id) WHERE own_place;
CREATE INDEX growing_area_producer ON producers.growing_area USING btree (producer_id);
create table producers.growing_area_finding (
  id bigint generated always as identity not null,
  growing_area_id uuid not null,
  status text not null,
  reason text not null,
  decided_at timestamp with time zone not null,
  decided_by bigint,
  code text not null
);
alter table producers.growing_area_finding add constraint growing_area_finding_area_fk FOREIGN KEY (growing_area_id) REFERENCES producers.growing_area(id);
alter table producers.growing_area_finding add constraint growing_area_finding_officer_fk FOREIGN KEY (decided_by) REFERENCES accounts.person(id);
alter table producers.growing_area_finding add constraint growing_area_finding_pk PRIMARY KEY (id);
alter table producers.growing_area_finding add constraint growing_area_finding_status CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'revoked'::text])));
CREATE INDEX growing_area_finding_area ON producers.growing_area_finding USING btree (growing_area_id, id);
CREATE TRIGGER growing_area_finding_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON producers.growing_area_finding FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
create table producers.helper (
  id bigint generated always as identity not null,
  producer_id bigint not null,
  person_id bigint not null,
  ends_on date not null,
  asked_at timestamp with time zone not null,
  agreed_at timestamp with time zone,
  agreed_by bigint,
  agreed_through text,
  text_version text,
  text_hash text,
  ended_at timestamp with time zone,
  ended_by bigint
);
alter table producers.helper add constraint helper_agreed_through CHECK ((agreed_through = ANY (ARRAY['code'::text, 'screen'::text])));
alter table producers.helper add constraint helper_agreement CHECK ((num_nulls(agreed_at, agreed_by, agreed_through, text_version, text_hash) = ANY (ARRAY[0, 5])));
alter table producers.helper add constraint helper_agreer_fk FOREIGN KEY (agreed_by) REFERENCES accounts.person(id);
alter table producers.helper add constraint helper_ender_fk FOREIGN KEY (ended_by) REFERENCES accounts.person(id);
alter table producers.helper add constraint helper_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table producers.helper add constraint helper_pk PRIMARY KEY (id);
alter table producers.helper add constraint helper_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
CREATE UNIQUE INDEX helper_once ON producers.helper USING btree (producer_id, person_id) WHERE (ended_at IS NULL);
CREATE INDEX helper_person ON producers.helper USING btree (person_id, id);
create table producers.invitation (
  id bigint generated always as identity not null,
  token_hash bytea not null,
  producer_id bigint not null,
  role text not null,
  contact text not null,
  invited_by bigint not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  accepted_by bigint
);
alter table producers.invitation add constraint invitation_accepter_fk FOREIGN KEY (accepted_by) REFERENCES accounts.person(id);
alter table producers.invitation add constraint invitation_inviter_fk FOREIGN KEY (invited_by) REFERENCES accounts.person(id);
alter table producers.invitation add constraint invitation_pk PRIMARY KEY (id);
alter table producers.invitation add constraint invitation_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table producers.invitation add constraint invitation_role CHECK ((role = ANY (ARRAY['owner'::text, 'staff'::text, 'diary'::text])));
alter table producers.invitation add constraint invitation_token_key UNIQUE (token_hash);
CREATE INDEX invitation_open ON producers.invitation USING btree (producer_id, id) WHERE (ended_at IS NULL);
create table producers.member (
  producer_id bigint not null,
  person_id bigint not null,
  role text not null,
  joined_at timestamp with time zone not null
);
alter table producers.member add constraint member_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table producers.member add constraint member_pk PRIMARY KEY (producer_id, person_id);
alter table producers.member add constraint member_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table producers.member add constraint member_role CHECK ((role = ANY (ARRAY['owner'::text, 'staff'::text, 'diary'::text])));
CREATE INDEX member_person ON producers.member USING btree (person_id);
create table producers.producer (
  id bigint generated always as identity not null,
  slug text not null,
  kind text not null,
  name text not null,
  tax_code text,
  representative text default ''::text not null,
  phone text default ''::text not null,
  email text default ''::text not null,
  commune_code text not null,
  address_line text default ''::text not null,
  postcode text default ''::text not null,
  digital_address text default ''::text not null,
  lat numeric(8,5),
  lon numeric(8,5),
  about text default ''::text not null,
  picture_ids uuid[] default '{}'::uuid[] not null,
  is_sample boolean default false not null,
  status text not null,
  status_reason text default ''::text not null,
  version integer default 0 not null,
  public_version integer,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  approved_at timestamp with time zone,
  returned_parts text[] default '{}'::text[] not null,
  brand text default ''::text not null,
  approved_version integer
);
alter table producers.producer add constraint producer_approved_version_fk FOREIGN KEY (id, approved_version) REFERENCES producers.producer_version(producer_id, version);
alter table producers.producer add constraint producer_brand_length CHECK ((char_length(brand) <= 70));
alter table producers.producer add constraint producer_commune_fk FOREIGN KEY (commune_code) REFERENCES foundation.commune(code);
alter table producers.producer add constraint producer_kind CHECK ((kind = ANY (ARRAY['cooperative'::text, 'enterprise'::text, 'household'::text, 'household_group'::text])));
alter table producers.producer add constraint producer_lat CHECK (((lat >= (8)::numeric) AND (lat <= (24)::numeric)));
alter table producers.producer add constraint producer_lon CHECK (((lon >= (102)::numeric) AND (lon <= (110)::numeric)));
alter table producers.producer add constraint producer_name_length CHECK (((char_length(name) >= 2) AND (char_length(name) <= 160)));
alter table producers.producer add constraint producer_pk PRIMARY KEY (id);
alter table producers.producer add constraint producer_postcode_format CHECK ((postcode ~ '^(\d{5})?$'::text));
alter table producers.producer add constraint producer_public_version_fk FOREIGN KEY (id, public_version) REFERENCES producers.producer_version(producer_id, version);
alter table producers.producer add constraint producer_slug_format CHECK ((slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text));
alter table producers.producer add constraint producer_slug_key UNIQUE (slug);
alter table producers.producer add constraint producer_status CHECK ((status = ANY (ARRAY['draft'::text, 'submitted'::text, 'returned'::text, 'approved'::text, 'suspended'::text])));
alter table producers.producer add constraint producer_suspended_hidden CHECK (((status <> 'suspended'::text) OR (public_version IS NULL)));
alter table producers.producer add constraint producer_tax_code_format CHECK ((tax_code ~ '^\d{10}(-\d{3})?$|^\d{12}$'::text));
alter table producers.producer add constraint producer_tax_code_key UNIQUE (tax_code);
create table producers.producer_version (
  producer_id bigint not null,
  version integer not null,
  kind text not null,
  name text not null,
  tax_code text,
  representative text not null,
  phone text not null,
  email text not null,
  commune_code text not null,
  address_line text not null,
  about text not null,
  picture_ids uuid[] not null,
  submitted_at timestamp with time zone not null,
  submitted_by bigint,
  state text not null,
  decided_at timestamp with time zone,
  decided_by bigint,
  reason text,
  brand text default ''::text not null
);
alter table producers.producer_version add constraint producer_version_commune_fk FOREIGN KEY (commune_code) REFERENCES foundation.commune(code);
alter table producers.producer_version add constraint producer_version_decided CHECK (((state = ANY (ARRAY['approved'::text, 'returned'::text])) = (decided_at IS NOT NULL)));
alter table producers.producer_version add constraint producer_version_decider_fk FOREIGN KEY (decided_by) REFERENCES accounts.person(id);
alter table producers.producer_version add constraint producer_version_pk PRIMARY KEY (producer_id, version);
alter table producers.producer_version add constraint producer_version_positive CHECK ((version > 0));
alter table producers.producer_version add constraint producer_version_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table producers.producer_version add constraint producer_version_state CHECK ((state = ANY (ARRAY['submitted'::text, 'approved'::text, 'returned'::text, 'withdrawn'::text])));
alter table producers.producer_version add constraint producer_version_submitter_fk FOREIGN KEY (submitted_by) REFERENCES accounts.person(id);
CREATE UNIQUE INDEX producer_version_one_open ON producers.producer_version USING btree (producer_id) WHERE (state = 'submitted'::text);
create table producers.product (
  id bigint generated always as identity not null,
  code text not null,
  producer_id bigint not null,
  name text not null,
  name_en text default ''::text not null,
  category_slug text not null,
  speciality_slug text,
  gtin text,
  base_unit text not null,
  net_weight_g bigint,
  description text default ''::text not null,
  storage text default ''::text not null,
  alcohol_percent numeric(4,1),
  picture_ids uuid[] default '{}'::uuid[] not null,
  certificate_ids uuid[] default '{}'::uuid[] not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  taken_back_at timestamp with time zone,
  brand text default ''::text not null,
  model text default ''::text not null,
  ingredients text default ''::text not null
);
alter table producers.product add constraint product_alcohol CHECK (((alcohol_percent >= (0)::numeric) AND (alcohol_percent < (15)::numeric)));
alter table producers.product add constraint product_base_unit CHECK ((base_unit = ANY (ARRAY['g'::text, 'piece'::text])));
alter table producers.product add constraint product_brand_length CHECK ((char_length(brand) <= 80));
alter table producers.product add constraint product_category_fk FOREIGN KEY (category_slug) REFERENCES producers.category(slug);
alter table producers.product add constraint product_code_key UNIQUE (code);
alter table producers.product add constraint product_description_length CHECK ((char_length(description) <= 5000));
alter table producers.product add constraint product_gtin_format CHECK ((gtin ~ '^\d{14}$'::text));
alter table producers.product add constraint product_gtin_key UNIQUE (gtin);
alter table producers.product add constraint product_ingredients_length CHECK ((char_length(ingredients) <= 2000));
alter table producers.product add constraint product_model_length CHECK ((char_length(model) <= 80));
alter table producers.product add constraint product_name_length CHECK (((char_length(name) >= 2) AND (char_length(name) <= 160)));
alter table producers.product add constraint product_net_weight CHECK ((net_weight_g > 0));
alter table producers.product add constraint product_piece_weight CHECK (((base_unit = 'g'::text) OR (net_weight_g IS NOT NULL)));
alter table producers.product add constraint product_pk PRIMARY KEY (id);
alter table producers.product add constraint product_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table producers.product add constraint product_speciality_fk FOREIGN KEY (speciality_slug) REFERENCES producers.speciality(slug);
CREATE INDEX product_producer ON producers.product USING btree (producer_id, id);
create table producers.speciality (
  slug text not null,
  name text not null,
  name_en text not null,
  scientific_name text default ''::text not null,
  category_slug text not null,
  unit text not null,
  harvest_months integer[] not null,
  former_districts text[] not null,
  protection text default ''::text not null,
  protection_name text default ''::text not null,
  hs_code text default ''::text not null,
  price_min_vnd bigint,
  price_max_vnd bigint,
  sale_online_allowed boolean default true not null,
  folded text generated always as (foundation.fold(name)) stored
);
alter table producers.speciality add constraint speciality_category_fk FOREIGN KEY (category_slug) REFERENCES producers.category(slug);
alter table producers.speciality add constraint speciality_pk PRIMARY KEY (slug);
create table producers.working (
  person_id bigint not null,
  producer_id bigint not null,
  since timestamp with time zone not null
);
alter table producers.working add constraint working_person_fk FOREIGN KEY (person_id) REFERENCES accounts.person(id);
alter table producers.working add constraint working_pk PRIMARY KEY (person_id);
alter table producers.working add constraint working_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
-- view producers.acting (person_id bigint, producer_id bigint, role text, since timestamp with time zone, for_person_id bigint): its select stands in the scripts

-- supervision
CREATE OR REPLACE FUNCTION supervision.refuse_second_record()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if old.cancelled_at is not null or old.sampled_at is not null
    or (old.recorded_at is not null and (to_jsonb(new) - array['sample_laboratory', 'sample_result', 'sample_exceeds', 'sample_file_id', 'sampled_at', 'sampled_by']) <> (to_jsonb(old) - array['sample_laboratory', 'sample_result', 'sample_exceeds', 'sample_file_id', 'sampled_at', 'sampled_by'])) then
    raise exception 'an inspection is written down once' using errcode = 'restrict_violation', constraint = 'inspection_once';
  end if;
  return new;
end $function$;
create table supervision.backup (
  id bigint generated always as identity not null,
  name text not null,
  kind text not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone not null,
  bytes bigint not null,
  new_files integer not null
);
alter table supervision.backup add constraint backup_kind CHECK ((kind = ANY (ARRAY['cluster'::text, 'dump'::text])));
alter table supervision.backup add constraint backup_pk PRIMARY KEY (id);
CREATE TRIGGER backup_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON supervision.backup FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
create table supervision.decision (
  id bigint generated always as identity not null,
  subject_kind text not null,
  subject text not null,
  version integer,
  decision text not null,
  reason text default ''::text not null,
  checklist jsonb default '[]'::jsonb not null,
  officer_id bigint not null,
  decided_at timestamp with time zone not null
);
alter table supervision.decision add constraint decision_officer_fk FOREIGN KEY (officer_id) REFERENCES accounts.person(id);
alter table supervision.decision add constraint decision_pk PRIMARY KEY (id);
alter table supervision.decision add constraint decision_reasoned CHECK (((decision = ANY (ARRAY['approve'::text, 'restore'::text])) OR (char_length(reason) >= 5)));
alter table supervision.decision add constraint decision_subject_kind CHECK ((subject_kind = ANY (ARRAY['producer'::text, 'listing'::text, 'certificate'::text])));
alter table supervision.decision add constraint decision_word CHECK ((decision = ANY (ARRAY['approve'::text, 'return'::text, 'suspend'::text, 'restore'::text])));
CREATE INDEX decision_subject ON supervision.decision USING btree (subject_kind, subject, id DESC);
CREATE TRIGGER decision_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON supervision.decision FOR EACH STATEMENT EXECUTE FUNCTION foundation.refuse_change();
create table supervision.inspection (
  id bigint generated always as identity not null,
  producer_id bigint not null,
  growing_area_id uuid,
  lot_id bigint,
  planned_for date not null,
  purpose text not null,
  follows_id bigint,
  planned_at timestamp with time zone not null,
  planned_by bigint,
  done_on date,
  way text,
  checks jsonb default '{}'::jsonb not null,
  conclusion text,
  finding text,
  follow_up_on date,
  sample_what text default ''::text not null,
  picture_ids uuid[] default '{}'::uuid[] not null,
  recorded_at timestamp with time zone,
  recorded_by bigint,
  sample_laboratory text,
  sample_result text,
  sample_exceeds boolean,
  sample_file_id uuid,
  sampled_at timestamp with time zone,
  sampled_by bigint,
  cancelled_at timestamp with time zone,
  cancelled_by bigint,
  cancel_reason text,
  sent_id uuid,
  sent_hash text,
  written_at timestamp with time zone,
  pictures_public boolean default false not null
);
alter table supervision.inspection add constraint inspection_cancelled CHECK ((((cancelled_at IS NULL) = (cancel_reason IS NULL)) AND ((cancelled_at IS NULL) OR (recorded_at IS NULL))));
alter table supervision.inspection add constraint inspection_canceller_fk FOREIGN KEY (cancelled_by) REFERENCES accounts.person(id);
alter table supervision.inspection add constraint inspection_checks CHECK ((jsonb_typeof(checks) = 'object'::text));
alter table supervision.inspection add constraint inspection_conclusion CHECK ((conclusion = ANY (ARRAY['clear'::text, 'mend'::text, 'grave'::text])));
alter table supervision.inspection add constraint inspection_finding_length CHECK (((char_length(finding) >= 10) AND (char_length(finding) <= 2000)));
alter table supervision.inspection add constraint inspection_follow_up CHECK (((follow_up_on IS NULL) OR (follow_up_on > done_on)));
alter table supervision.inspection add constraint inspection_follows_fk FOREIGN KEY (follows_id) REFERENCES supervision.inspection(id);
alter table supervision.inspection add constraint inspection_growing_area_fk FOREIGN KEY (growing_area_id) REFERENCES producers.growing_area(id);
alter table supervision.inspection add constraint inspection_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table supervision.inspection add constraint inspection_pk PRIMARY KEY (id);
alter table supervision.inspection add constraint inspection_planner_fk FOREIGN KEY (planned_by) REFERENCES accounts.person(id);
alter table supervision.inspection add constraint inspection_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table supervision.inspection add constraint inspection_purpose_length CHECK ((char_length(purpose) <= 1000));
alter table supervision.inspection add constraint inspection_recorded CHECK ((((recorded_at IS NULL) = (done_on IS NULL)) AND ((recorded_at IS NULL) = (way IS NULL)) AND ((recorded_at IS NULL) = (conclusion IS NULL)) AND ((recorded_at IS NULL) = (finding IS NULL))));
alter table supervision.inspection add constraint inspection_recorder_fk FOREIGN KEY (recorded_by) REFERENCES accounts.person(id);
alter table supervision.inspection add constraint inspection_sample_file_fk FOREIGN KEY (sample_file_id) REFERENCES files.stored_file(id);
alter table supervision.inspection add constraint inspection_sample_length CHECK ((char_length(sample_what) <= 300));
alter table supervision.inspection add constraint inspection_sampled CHECK ((((sampled_at IS NULL) = (sample_result IS NULL)) AND ((sampled_at IS NULL) = (sample_laboratory IS NULL)) AND ((sampled_at IS NULL) = (sample_exceeds IS NULL)) AND ((sampled_at IS NULL) OR ((recorded_at IS NOT NULL) AND (sample_what <> ''::text)))));
alter table supervision.inspection add constraint inspection_sampler_fk FOREIGN KEY (sampled_by) REFERENCES accounts.person(id);
alter table supervision.inspection add constraint inspection_sent CHECK ((((sent_id IS NULL) = (sent_hash IS NULL)) AND ((sent_id IS NULL) OR (recorded_at IS NOT NULL))));
alter table supervision.inspection add constraint inspection_sent_once UNIQUE (sent_id);
alter table supervision.inspection add constraint inspection_subject CHECK (((growing_area_id IS NULL) OR (lot_id IS NULL)));
alter table supervision.inspection add constraint inspection_way CHECK ((way = ANY (ARRAY['digital'::text, 'paper'::text])));
CREATE INDEX inspection_done ON supervision.inspection USING btree (done_on) WHERE (recorded_at IS NOT NULL);
CREATE INDEX inspection_open ON supervision.inspection USING btree (planned_for, id) WHERE ((recorded_at IS NULL) AND (cancelled_at IS NULL));
CREATE INDEX inspection_producer ON supervision.inspection USING btree (producer_id, id DESC);
CREATE TRIGGER inspection_once BEFORE UPDATE ON supervision.inspection FOR EACH ROW EXECUTE FUNCTION supervision.refuse_second_record();
create table supervision.invariant (
  id text not null,
  checked_at timestamp with time zone not null,
  faults text[] not null,
  broken_since timestamp with time zone,
  took_ms integer not null
);
alter table supervision.invariant add constraint invariant_broken CHECK (((broken_since IS NOT NULL) = (cardinality(faults) > 0)));
alter table supervision.invariant add constraint invariant_pk PRIMARY KEY (id);
create table supervision.recall_proposal (
  id bigint generated always as identity not null,
  lot_id bigint,
  rule text not null,
  source text not null,
  note text not null,
  note_args text[],
  proposed_at timestamp with time zone not null,
  outcome text,
  reason text,
  recall_id bigint,
  decided_at timestamp with time zone,
  decided_by bigint,
  growing_area_id uuid,
  producer_id bigint
);
alter table supervision.recall_proposal add constraint recall_proposal_area_fk FOREIGN KEY (growing_area_id) REFERENCES producers.growing_area(id);
alter table supervision.recall_proposal add constraint recall_proposal_confirmed CHECK (((outcome = 'confirmed'::text) = (recall_id IS NOT NULL)));
alter table supervision.recall_proposal add constraint recall_proposal_decided CHECK ((((decided_at IS NULL) = (outcome IS NULL)) AND ((decided_at IS NULL) = (reason IS NULL))));
alter table supervision.recall_proposal add constraint recall_proposal_lot_fk FOREIGN KEY (lot_id) REFERENCES origin.lot(id);
alter table supervision.recall_proposal add constraint recall_proposal_officer_fk FOREIGN KEY (decided_by) REFERENCES accounts.person(id);
alter table supervision.recall_proposal add constraint recall_proposal_once UNIQUE (rule, source);
alter table supervision.recall_proposal add constraint recall_proposal_outcome CHECK ((outcome = ANY (ARRAY['confirmed'::text, 'dropped'::text])));
alter table supervision.recall_proposal add constraint recall_proposal_pk PRIMARY KEY (id);
alter table supervision.recall_proposal add constraint recall_proposal_producer_fk FOREIGN KEY (producer_id) REFERENCES producers.producer(id);
alter table supervision.recall_proposal add constraint recall_proposal_recall_fk FOREIGN KEY (recall_id) REFERENCES origin.recall(id);
alter table supervision.recall_proposal add constraint recall_proposal_rule CHECK ((rule = ANY (ARRAY['sample'::text, 'interval'::text])));
alter table supervision.recall_proposal add constraint recall_proposal_subject CHECK ((num_nonnulls(lot_id, growing_area_id, producer_id) = 1));
CREATE UNIQUE INDEX recall_proposal_open ON supervision.recall_proposal USING btree (lot_id) WHERE (decided_at IS NULL);
CREATE UNIQUE INDEX recall_proposal_open_area ON supervision.recall_proposal USING btree (growing_area_id) WHERE (decided_at IS NULL);
CREATE UNIQUE INDEX recall_proposal_open_producer ON supervision.recall_proposal USING btree (producer_id) WHERE (decided_at IS NULL);
create table supervision.recall_rule (
  rule text not null,
  opens boolean default false not null,
  changed_at timestamp with time zone,
  changed_by bigint
);
alter table supervision.recall_rule add constraint recall_rule_officer_fk FOREIGN KEY (changed_by) REFERENCES accounts.person(id);
alter table supervision.recall_rule add constraint recall_rule_pk PRIMARY KEY (rule);
alter table supervision.recall_rule add constraint recall_rule_word CHECK ((rule = ANY (ARRAY['sample'::text, 'interval'::text])));
create table supervision.server_certificate (
  address text not null,
  kind text not null,
  valid_until timestamp with time zone not null,
  checked_at timestamp with time zone not null
);
alter table supervision.server_certificate add constraint server_certificate_kind CHECK ((kind = ANY (ARRAY['site'::text, 'database'::text])));
alter table supervision.server_certificate add constraint server_certificate_pk PRIMARY KEY (address);
