-- Why a lot is blocked: the product's own sentence is a text with its values, said in the language of whoever reads it. Without values (null) it is what somebody wrote.
alter table origin.lot_block
  add column note_args text[],
  -- The code of the lot that the fault is of, where this one was made from it.
  add column made_from text not null default '';

update origin.lot_block set made_from = substring(note from '^Làm từ lô ([A-Z0-9-]+)\. '), note = regexp_replace(note, '^Làm từ lô [A-Z0-9-]+\. ', '')
where note ~ '^Làm từ lô [A-Z0-9-]+\. ';

with said as (
  select id, regexp_match(note, '^Phun (.*) ngày (\d\d/\d\d/\d{4})(?: \(nhật ký lô (\S+), cùng vùng trồng\))?, thu hoạch ngày (\d\d/\d\d/\d{4}): (?:sớm hơn thời gian cách ly (\d+) ngày|chưa ghi thời gian cách ly theo nhãn thuốc)\.$') as part
  from origin.lot_block where cause = 'interval')
update origin.lot_block b set
  note = 'Phun {0} ngày {1}' || case when s.part[3] is null then '' else ' (nhật ký lô {4}, cùng vùng trồng)' end || ', thu hoạch ngày {2}: '
    || case when s.part[5] is null then 'chưa ghi thời gian cách ly theo nhãn thuốc.' else 'sớm hơn thời gian cách ly {3} ngày.' end,
  note_args = array[s.part[1], s.part[2], s.part[4], coalesce(s.part[5], ''), coalesce(s.part[3], '')]
from said s where s.id = b.id and s.part is not null;
