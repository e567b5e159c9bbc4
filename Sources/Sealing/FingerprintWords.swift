/// The project's 2,048 words, eleven bits each, for fingerprints and generated passphrases.
///
/// `formats/fingerprint-words.txt` is the list; a test holds this copy against it.
package enum FingerprintWords {
    /// The words in their order, which is their number.
    package static let all: [String] = text.split { $0.isWhitespace }.map(String.init)

    private static let text = """
        abacus ability ablaze able abreast abridge absence absolute abstract abundant academy access
        account accurate achieve acidity acorn acoustic acquire acrobat acrylic action actress
        actual adapter addition address adequate adhere adjacent adjust admit adobe adopt adorable
        adrift advance advice advocate aerial aerosol afford afloat agent agile agree airborne
        aircraft airfield airline airport airtight alarm album alcohol alert algae algebra alias
        alive alkaline allergic alliance allot almanac almond alone alpha amateur amaze ambition
        ambush amethyst amicable ammonia amount amplify amulet amuse analysis anatomy ancestry
        anchor ancient anecdote angle angry angular animal annex announce annual answer antenna
        anthem antique anvil anxiety aorta aperture apex apiece apology apparent appear apply
        appoint approach apricot aquatic aqueduct arbiter arcade arch area argue armchair armory
        army aroma arouse array arrival artery article artwork ashore ashtray aspect aspire assembly
        assist athlete atlas atomic attach attempt attitude attorney attract auburn audience aura
        author auto avenue average aviation avocado avoid await awake award awesome awful awning
        axiom axis azalea azure baboon baby back badge bagel baggage bakery balance balcony ballot
        bamboo banana bandage banjo banner banquet barber bargain barley barn baroque barrel base
        basic basket bassoon bathtub baton battery beacon beam beard beast beauty beaver beckon
        bedroom bedside bedtime beef beehive beetle beginner behalf behold belated believe belong
        belt bench benefit beta beverage beware bicycle bike binary bingo biology bird birthday
        biscuit bison blank blaster blazer blimp blizzard blockade bloom blossom blouse blowout
        bluebird bluff boat bobbin bobcat body boiler bolster bond bonfire bonus booklet boost
        border borough borrow botany bottom bounce bowl boxcar boycott boyhood bracket braid branch
        brass brave breeze brewery brick bridge brief bright brim bring bristle broad broccoli broke
        bronze broth bubble bucket buddy budget buffalo buggy bugle build bulk bulletin bumper
        bundle bungalow buoyant burlap burner burst bushel business busy butler button buzz bypass
        cabaret cabbage cabinet cacao cactus cadet caffeine calcium calendar caliber call calorie
        camera camp canal candle canoe canteen canvas canyon capacity caper capsule captain caravan
        carbon cardinal care cargo caribou carnival carpet carry cartoon cascade cashew casino
        cassette castle casual catapult catchy category catfish catwalk caution cavalry cavern
        cavity cedar celery cello cement central ceramic ceremony certain chair chalk champion
        change chart chatter checkout cheese chemical cherry chest chicken chief child chimney chirp
        chisel chivalry choose chorus chronic chunk churn cider cinema cinnamon cipher circle
        citation citizen citrus city civil claim clarity class clear cleft clerk clever click client
        climate clinical cloak clog cloth cloudy clown club cluster clutch coast cobalt cobbler
        cobweb coconut code coffee college comb comedy comfort comic common company comrade concept
        conduct conjure connect consider control convince cookie cool copper copy coral cordon
        corner correct cortex cosmetic costume cottage couple court cover cowboy coyote cracker
        cradle crane crater crayfish create credit crescent crevice cricket crimson critical
        crockery crowd cruiser crumble cubic cuckoo cucumber cuddle culinary culture cupboard
        curator currency cursor curve cushion customer cuticle cutlery cycle cylinder daffodil dance
        dark darling database daughter daybreak daydream daylight daytime dazzle deadline dealer
        debate debit decade decency decision decorate decrease define degree delay delete deliver
        delta deluxe demand demeanor denim density dentist depart depend deposit depth deputy
        describe deserve desire desk detail detect detour develop device diagram dialogue diamond
        diary dictate differ digest diligent dimple dinghy dinner diploma director discuss dismiss
        display disrupt district ditch division dizzy document dodo dollar dolphin domain domino
        donate donkey donut door dose double downtown dozen draft dragon drainage drape dream dredge
        dribble drill drive drizzle drone drop drum duckling dugout duke dumpling dungeon duplex
        duration duty duvet dwell dynamic eager eagle earlier earth easel eastern easy ebony echo
        eclipse ecology economic edible edict edifice edition educate effort eggplant elastic
        elation elbow election elegant elephant elevate email embassy ember emblem embrace emerge
        emission empathy emphasis empire employee empower empty enamel endear endless endorse endure
        energy enforce engage engine enhance enigma enjoy enlarge enlist enormous enrich ensemble
        ensign enter entire entry envelope enzyme epic epilogue episode epitome equal equity eraser
        eureka event evidence evolve exact example exchange excite exclude excuse exercise exhale
        exhibit exotic explain express eyebrow eyelid eyesight fabric fabulous face facility faculty
        fairness falcon family famous fancy fanfare fantasy farewell farmer fathom faucet feature
        feedback feline fence fender ferment fern ferret fertile festival fetch fiction fiddler
        field fiery fiesta figure filament film filter final find finish fire first fish fission
        fizz flagship flake flamingo flannel flash flat fleet flexible flicker flight flint flock
        floor floral flowery fluffy flurry flute focus fodder foliage folk follow football forage
        forest forget form fortune forward fossil fountain fracture fragile frame frantic free
        freight frequent fresh friend fringe frog frolic front frugal fruit fudge fulcrum full
        function fungus funny furnace fuselage fusion future gadget galaxy gallery galore game
        gander garage garden garlic garnet garrison garter gasoline gastric gateway gazelle gelatin
        general genius gentle geology geometry gesture gift gigantic giggle gimmick giraffe give
        glacier glad glance gleam glider glisten glitter global glory glossary glow glucose gnome
        goal gobble golden golf gondola gopher gosling govern gracious graduate graffiti grain
        grammar grand graphic grass grateful gravel graze green grid grill grinder grocery grotto
        group grove growth guard guest guide guinea guitar gully gumdrop gymnast habit haddock half
        halibut hallway hamlet hammer hamster handle hang happy hard harmony harness harpoon harvest
        hatchet haven hawk haystack head health heart hedge hefty height heirloom helium hello
        helmet help herald heritage hermit heroic hexagon hiccup hickory hideaway hiker hill hinder
        hinge hint history hobby hockey hoist hold holiday hollow home honesty honk hoop hopeful
        hopper horizon horn hospital hotel hourly house hover huge human humble humidity humorous
        hundred hungry hurdle hurl husband husky hutch hyacinth hybrid hydrogen hyena hyphen iceberg
        icicle idea igloo ignition iguana imagine imitate impact import improve impulse include
        income increase index indoor industry inherit initial inject inky inland innocent input
        inside internet invest invite involve iron italic itchy item ivory jacket jade jagged jaguar
        jamboree janitor javelin jazz jelly jester jetty jigsaw jockey jogger join joke jolt jostle
        journal joyful joyous joystick jubilee judge judicial judo juggle juice jumbo jump junior
        juror jury justice kangaroo karate kayak kennel kerosene ketchup kettle keyboard keyhole
        keynote keystone keyword kimono kindle kinship kiosk kitchen kite kitten knack knoll knuckle
        koala lacquer lacrosse ladder laden ladle ladybug lagoon land lantern lapel large laser
        latch latitude lattice laugh launcher lava lavender lawmaker lawn lawyer leader leaf league
        leakage learn leash leather lecture ledger leeway legal legend lemon length lenient lens
        lentil leopard lever lexicon library licorice ligament lilac lime limit linear lion lipstick
        liquid lithium little lizard llama lobby lobster locate locker locust lodge logic logo
        lollipop long look lopsided lotus loud lounge lovable love loyal luck luggage lukewarm
        lullaby lumber luminous lunar lunch lupin luscious luxury macaroni machine mackerel magazine
        magenta magic magnetic magpie mahogany mailbox maintain major make mallet mammoth manager
        mandate mango mansion manual maple marathon marble market maroon marquee marriage marsh
        marvel mascot mask mason material matrix matter maverick maximum meadow meantime measure
        mechanic medium medley mellow melon member memento memory mentor menu mercy mermaid message
        metallic meteor method microbe middle midnight midway mileage milk million mimic mingle
        minnow minstrel miracle mirror mitten mixture mobile model module molasses mole moment money
        monitor month monument moon mortar mosaic mosquito motion motley motor mountain movement
        muffin mulch multiple mural museum mushroom music mustang muzzle myriad napkin national
        natural nautical navigate nearby nebula nectar needle nestle network neutral next nice
        nickel nifty nimble ninety nitrogen nobility noble nomad nonstop noodle north nostril
        notebook notion noun nourish nozzle nucleus nudge nugget number nurture nutmeg nutrient
        nutshell nylon oasis oatmeal obelisk object oboe ocean octave octopus offer office offset
        ointment okra olive omelette ongoing onion onset opal open operate opposite option opulent
        orange orbit orchid order ordinary organic original ornament otter ounce outcome outdoor
        outfit outgoing outlook output outrun overcoat owner oxygen oyster pacific package paddle
        padlock page pagoda painter palm pamphlet pancake panda panel panorama pantry papaya paper
        papyrus parcel parent parka parlor parrot parsley pasture patch patio pattern pavement
        pavilion payload payment payoff payroll peaceful peanut pebble pecan pelican pellet pencil
        pendulum penguin pennant pentagon people pepper percent perfect period permit peroxide
        person petunia pewter pharmacy phoenix phone photo phrase piano piccolo pickle picnic
        picture pigeon pigment pillar pinnacle pinpoint pioneer pipe pitcher pivot pixie pizza place
        plaid plant plastic platform play plaza please plenty pliers plot plumber plunger plywood
        pocket podium poem poetry point polarity polite polka pollen polygon poncho pontoon pony
        popcorn popular porch porpoise porridge portion position potato pothole poultry power
        practice prairie prawn predict prefer prelude prepare press pretzel price primary princess
        prism problem process product progress project prolific promise proof property prospect
        protein proud provide prune public pudding pueblo pulley pulp pulse puma pumpkin puncture
        purchase purpose pursue puzzle pyramid python quadrant quaint quality quantum quarter quench
        query question quick quiet quill quintet quiver quiz quota rabbit raccoon radar radio
        railway rainbow raisin rally ramble ranch random ranger rank rapid rattle ravine rayon razor
        reach ready rebuild recall recent recharge recipe record recruit rector recycle redeem
        reduce referee refill refresh region regular reindeer relay release relief relocate remark
        remember rename renown rental repair repeat reply report reprint reptile republic require
        resale research resin resource restore result retailer retina retreat reunion revamp review
        rewind rework rhapsody rhino rhubarb ribbon rickshaw ridge rightful rinse ripen ripple rivet
        roar roast robot rock rodeo roller romantic room rooster rope rosary rosemary rotate rotunda
        roulette routine rubber rudder ruffle rugby runway rush rustic saddle safari safe saffron
        saga sailboat salary salmon salt salute salvage sample sandwich sapling sapphire sardine
        satchel satisfy sauce saunter sausage sawdust scaffold scale scanner scarf scatter scenario
        scepter school science scoop score scout scratch screen script scroll sculptor scythe
        seafood seaport search season seaweed second secret section security sedan seesaw segment
        select seminar sequel series service session setback settle shadow shampoo shark shawl shell
        sherbet shield shift shiny ship shorten shoulder shovel show shrewd shrimp shrug shuffle
        shuttle sidewalk sierra sigma signal silent silken silver simmer simulate sincere single
        siphon sister sixth sizzle skate skeleton sketch skid skill skimpy skirt skunk skyline sled
        sleep slender slide slipper slogan slug sluice slump slush small smooth smudge snack snail
        snake sneeze snorkel snuggle soak soccer social soda sodium soft soil solar soldier solemn
        solid solo solution solve sonata sound soup space sparrow speak special speech sphere sphinx
        spider spine spiral splash splurge sponge spoon spot spray spring sprout spruce square
        squirrel stable stadium stage stamp stand stapler start station stay steam stencil stereo
        steward sticker stock stoke stomach stool story straw street strong study stuff subject
        subway success sugar suggest suitcase summit sunburn sundial sunlight sunrise sunshine super
        support surface surgery surprise swallow swan sweater swerve swim swing switch swivel
        syllabus symmetry sympathy synapse syndrome syrup system tablet tackle taco tadpole tailor
        takeover talent talisman tango tankard tapestry tardy target tassel taste taxi taxpayer
        teacher teammate teapot teardrop teaspoon telegram temper tenant tender tennis tenor tension
        tent termite terrace testify texture thatch theory therapy thimble third thistle thread
        thriller throb thumb thunder tiara ticket tidal timid tinker tinsel tiny tipsy tiptoe title
        toaster today toffee toggle token tomato tomorrow tongue toolkit tooth topaz topic topology
        topple tore tornado torpedo torrent tortoise total totem touch towel town track trade
        traffic train trample trap travel trawler treasure treble trellis trench trial tribute
        trickle trilogy trinket tripod trolley trombone trooper trophy trout truffle trumpet trunk
        tube tubular tulip tumbler tuna tundra tunic tunnel turbine turnip turtle tusk tutor tuxedo
        tweak tweezers twice twilight twin twirl type typhoon typical umbrella unbroken uncle
        uncommon unearth unfold unicorn uniform union unique unit universe unknown unleash unpack
        unravel untie unusual unwind update upgrade uphill uplift upload upright upside upstairs
        uptown urban urchin useful usher usual utensil vacuum vagabond valet valley valor value
        vanguard vanilla varnish vault vehicle velocity velvet veneer venison venture veranda verse
        veteran viaduct video view vigil village vinegar vinyl violin virtual visit visor vista
        vivid vocal voice volcano voltage volume vortex vote voucher vowel voyage waddle waffle
        wagon walkout wallet walnut walrus waltz warble wardrobe warm wasp watch water waveform
        wayside weasel weave weekend welcome welder west whack whale wheat wheel whiff whisper
        wicker wiggle willow window winter wistful witness wizard wobbly wombat wooden work world
        wrench wrestle wrinkle year yellow yeti yield yodel yoga yonder zebra zenith zero zigzag
        zinc zipper zodiac zone zoology zucchini
        """
}
