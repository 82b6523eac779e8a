-- What the current schema holds, one row for each function, view, trigger, policy and table (sequences included).
-- Hashes are of what PostgreSQL understood, so that they notice a change by hand. Oids are not in them: they differ in a
-- restored database.
WITH
  -- Whose grants are looked at: everybody's, and those of our roles and logins. Other people's roles are theirs.
  ours AS (
    SELECT oid, quote_ident(rolname) AS who FROM pg_roles WHERE rolname LIKE 'exo\_%'
    UNION ALL
    SELECT 0, 'PUBLIC'
  ),
  functions AS (
    SELECT *, coalesce(proacl, acldefault('f', proowner)) AS acl FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND prokind <> 'a'
      AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')  -- an extension's
  ),
  tables AS (
    SELECT * FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  ),
  views AS (
    SELECT * FROM tables
    WHERE relkind = 'v' AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = tables.oid AND deptype = 'e')
  )

SELECT
  'function' AS kind, '' AS on_table, proname::text AS name, oid::regprocedure::text AS signature,
  coalesce(obj_description(oid, 'pg_proc'), '') AS comment,
  md5(pg_get_functiondef(oid)) AS definition,
  -- "role privilege column", with a star where it may be passed on
  ARRAY(
    SELECT concat_ws(' ', who, privilege_type, CASE WHEN is_grantable THEN '*' ELSE '' END)
    FROM aclexplode(acl) JOIN ours ON ours.oid = grantee WHERE grantee <> proowner
  ) AS rights,
  ARRAY[]::text[] AS facts
FROM functions

UNION ALL
SELECT
  'view', '', relname, oid::regclass::text,
  coalesce(obj_description(oid, 'pg_class'), ''),
  md5(concat_ws(chr(10), array_to_string(reloptions, ','), pg_get_viewdef(oid))),
  ARRAY(
    SELECT concat_ws(' ', who, privilege_type, CASE WHEN is_grantable THEN '*' ELSE '' END)
    FROM aclexplode(relacl) JOIN ours ON ours.oid = grantee WHERE grantee <> relowner
    UNION ALL
    SELECT concat_ws(' ', who, privilege_type, attname || CASE WHEN is_grantable THEN '*' ELSE '' END)
    FROM pg_attribute, aclexplode(attacl) JOIN ours ON ours.oid = grantee
    WHERE attrelid = views.oid AND NOT attisdropped AND grantee <> relowner
  ),
  '{}'
FROM views

UNION ALL
SELECT
  'trigger', relname, tgname, '',
  coalesce(obj_description(t.oid, 'pg_trigger'), ''),
  md5(concat(tgenabled, pg_get_triggerdef(t.oid))),
  '{}', '{}'
FROM pg_trigger t JOIN tables ON tables.oid = tgrelid
WHERE NOT tgisinternal

UNION ALL
SELECT
  'policy', relname, polname, '',
  coalesce(obj_description(p.oid, 'pg_policy'), ''),
  md5(concat_ws(
    chr(10), polcmd, polpermissive,
    (SELECT string_agg(role::regrole::text, ',' ORDER BY role::regrole::text) FROM unnest(polroles) AS role),
    'using', pg_get_expr(polqual, polrelid), 'check', pg_get_expr(polwithcheck, polrelid)
  )),
  '{}', '{}'
FROM pg_policy p JOIN tables ON tables.oid = polrelid

UNION ALL
SELECT
  'table', '', relname, CASE relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || oid::regclass, '', '',
  ARRAY(
    SELECT concat_ws(' ', who, privilege_type, CASE WHEN is_grantable THEN '*' ELSE '' END)
    FROM aclexplode(relacl) JOIN ours ON ours.oid = grantee WHERE grantee <> relowner
    UNION ALL
    SELECT concat_ws(' ', who, privilege_type, attname || CASE WHEN is_grantable THEN '*' ELSE '' END)
    FROM pg_attribute, aclexplode(attacl) JOIN ours ON ours.oid = grantee
    WHERE attrelid = tables.oid AND NOT attisdropped AND grantee <> relowner
  ),
  ARRAY(
    SELECT 'row level security' WHERE relrowsecurity
    UNION ALL
    SELECT attname FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
    WHERE adrelid = tables.oid AND attname IN ('created_at', 'updated_at') AND pg_get_expr(adbin, adrelid) = 'now()'
  )
FROM tables WHERE oid NOT IN (SELECT oid FROM views)
ORDER BY 1, 2, 3, 4
