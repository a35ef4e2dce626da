-- Where the issuer itself shows that a certificate is in force: typed by the producer, compared by an officer, a link for whoever scans a label.
alter table producers.certificate add column lookup_url text constraint certificate_lookup_url check (lookup_url ~ '^https://[^\s<>"]+$' and char_length(lookup_url) <= 300);
