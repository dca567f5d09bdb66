-- Lists by month and place of their bills: what a figure of taxes opens to.
create index tax_variance_counted on tax_variance using gin (counted jsonb_path_ops);
