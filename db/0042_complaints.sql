-- A buyer's complaint about a part, or the wish to send goods back: one that is open at a time, with its deadline and everything that was said.
create table orders.complaint (
  id bigint generated always as identity constraint complaint_pk primary key,
  code text not null constraint complaint_code_key unique,
  sub_order_id bigint not null constraint complaint_sub_order_fk references orders.sub_order,
  kind text not null constraint complaint_kind check (kind in ('complaint', 'return')),
  matter text not null constraint complaint_matter check (matter in ('differs', 'damaged', 'missing', 'late', 'other')),
  wish text not null constraint complaint_wish_length check (char_length(wish) between 10 and 1000),
  picture_ids uuid[] not null default '{}',
  status text not null constraint complaint_status check (status in ('open', 'accepted', 'refused', 'escalated', 'settled', 'withdrawn')),
  refund_vnd bigint constraint complaint_refund check (refund_vnd > 0),
  opened_at timestamptz not null,
  answer_by timestamptz not null,
  changed_at timestamptz not null
);
create unique index complaint_one_open on orders.complaint (sub_order_id) where status in ('open', 'escalated');
create index complaint_sub_order on orders.complaint (sub_order_id, id);
create index complaint_due on orders.complaint (answer_by) where status = 'open';
create index complaint_escalated on orders.complaint (changed_at, id) where status = 'escalated';

create table orders.complaint_step (
  id bigint generated always as identity constraint complaint_step_pk primary key,
  complaint_id bigint not null constraint complaint_step_complaint_fk references orders.complaint,
  at timestamptz not null,
  status text not null,
  by_role text not null,
  person_id bigint constraint complaint_step_person_fk references accounts.person,
  words text not null default ''
);
create index complaint_step_complaint on orders.complaint_step (complaint_id, id);

-- Deadlines are data with their source: days, as the operator sets them.
create table orders.deadline (
  name text constraint deadline_pk primary key,
  days int not null constraint deadline_days check (days between 1 and 60),
  source text not null,
  changed_at timestamptz not null default now()
);
insert into orders.deadline (name, days, source) values
  ('complaint-open', 7, 'Luật Thương mại điện tử 122/2025/QH15, Điều 17 khoản 2 điểm b (nhận lại hàng không đúng mô tả). Số ngày do sàn đặt.'),
  ('complaint-answer', 3, 'Nghị định 248/2026/NĐ-CP (cơ chế giải quyết khiếu nại có thời hạn). Số ngày do sàn đặt.'),
  ('complaint-escalate', 7, 'Nghị định 248/2026/NĐ-CP (cơ chế giải quyết khiếu nại có thời hạn). Số ngày do sàn đặt.');
