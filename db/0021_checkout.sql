-- A cart is taken into another browser by a short code: its goods and its province, never who buys.
alter table orders.cart
  add column share_code text constraint cart_share_code_key unique constraint cart_share_code_format check (share_code ~ '^[0-9A-HJKMNP-TV-Z]{6}$'),
  add column share_until timestamptz,
  add constraint cart_share check ((share_code is null) = (share_until is null));
