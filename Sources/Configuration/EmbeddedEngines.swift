// The engine files of Config/engines, which the package manager embeds in the program. A test compares this list with
// the folder.

extension Engines {
    static var embedded: [(id: String, bytes: [UInt8])] {
        [
            ("amazon", PackageResources.amazon_yaml),
            ("appstore", PackageResources.appstore_yaml),
            ("askbot", PackageResources.askbot_yaml),
            ("bluesky", PackageResources.bluesky_yaml),
            ("discourse", PackageResources.discourse_yaml),
            ("flarum", PackageResources.flarum_yaml),
            ("fluxbb", PackageResources.fluxbb_yaml),
            ("hackernews", PackageResources.hackernews_yaml),
            ("invision", PackageResources.invision_yaml),
            ("kiyoh", PackageResources.kiyoh_yaml),
            ("lemmy", PackageResources.lemmy_yaml),
            ("lobsters", PackageResources.lobsters_yaml),
            ("mastodon", PackageResources.mastodon_yaml),
            ("microformats", PackageResources.microformats_yaml),
            ("mybb", PackageResources.mybb_yaml),
            ("nodebb", PackageResources.nodebb_yaml),
            ("phpbb", PackageResources.phpbb_yaml),
            ("reddit", PackageResources.reddit_yaml),
            ("slashdot", PackageResources.slashdot_yaml),
            ("smf", PackageResources.smf_yaml),
            ("stackexchange", PackageResources.stackexchange_yaml),
            ("steam", PackageResources.steam_yaml),
            ("telegram", PackageResources.telegram_yaml),
            ("tripadvisor", PackageResources.tripadvisor_yaml),
            ("trustpilot", PackageResources.trustpilot_yaml),
            ("tweakers", PackageResources.tweakers_yaml),
            ("vanilla", PackageResources.vanilla_yaml),
            ("vbulletin", PackageResources.vbulletin_yaml),
            ("woltlab", PackageResources.woltlab_yaml),
            ("wordpress", PackageResources.wordpress_yaml),
            ("xenforo", PackageResources.xenforo_yaml),
            ("yelp", PackageResources.yelp_yaml),
            ("youtube", PackageResources.youtube_yaml),
        ]
    }
}
